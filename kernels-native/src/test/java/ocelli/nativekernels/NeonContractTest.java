package ocelli.nativekernels;

/** Kernels for plain NEON against the contracts. */
class NeonContractTest extends TierContracts {
    NeonContractTest() {
        super(Tier.NEON);
    }
}
