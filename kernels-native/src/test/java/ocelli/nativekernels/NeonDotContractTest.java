package ocelli.nativekernels;

/** Kernels for NEON with the dot product against the contracts. */
class NeonDotContractTest extends TierContracts {
    NeonDotContractTest() {
        super(Tier.NEONDOT);
    }
}
