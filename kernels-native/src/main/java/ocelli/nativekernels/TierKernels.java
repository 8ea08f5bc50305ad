package ocelli.nativekernels;

/** The functions and packing sizes of one tier. */
record TierKernels(Tier tier) {
    long function(KernelId kernel) {
        return NativeCalls.kernel(kernel.ordinal(), tier.ordinal());
    }

    /** Packed weights of 8-bit convolutions. */
    Packing q8Packing() {
        return new Packing(NativeCalls.packing(tier.ordinal(), 0), NativeCalls.packing(tier.ordinal(), 1), NativeCalls.packing(tier.ordinal(), 2));
    }

    /** Packed weights of float convolutions. */
    Packing f32Packing() {
        return new Packing(NativeCalls.packing(tier.ordinal(), 3), 1, Float.BYTES);
    }

    /** Bytes of one packed weight of an 8-bit depthwise convolution. */
    int depthwiseBytes() {
        return NativeCalls.packing(tier.ordinal(), 4);
    }

    /** Channels of a vector of sums of an 8-bit depthwise convolution. */
    int depthwiseLanes() {
        return NativeCalls.packing(tier.ordinal(), 5);
    }

    /** Taps of one channel that an instruction multiplies and adds. */
    int depthwiseTaps() {
        return NativeCalls.packing(tier.ordinal(), 6);
    }

    /** The lowest byte of an input as the kernel sees it, after any change of sign bits: 0 or −128. */
    int depthwiseLowest() {
        return NativeCalls.packing(tier.ordinal(), 7);
    }
}
