package ocelli.nativekernels;

/** Kernels for AVX-512 VNNI against the contracts. */
class Avx512VnniContractTest extends TierContracts {
    Avx512VnniContractTest() {
        super(Tier.AVX512VNNI);
    }
}
