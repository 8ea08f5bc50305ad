package ocelli.nativekernels;

/** Kernels for AVX2 and FMA against the contracts. */
class Avx2ContractTest extends TierContracts {
    Avx2ContractTest() {
        super(Tier.AVX2);
    }
}
