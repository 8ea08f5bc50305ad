package ocelli.nativekernels;

/** Kernels for NEON's products of 8-bit matrices against the contracts. */
class I8mmContractTest extends TierContracts {
    I8mmContractTest() {
        super(Tier.I8MM);
    }
}
