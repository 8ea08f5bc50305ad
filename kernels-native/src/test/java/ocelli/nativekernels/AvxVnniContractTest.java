package ocelli.nativekernels;

/** Kernels for the 256-bit VNNI against the contracts. */
class AvxVnniContractTest extends TierContracts {
    AvxVnniContractTest() {
        super(Tier.AVXVNNI);
    }
}
