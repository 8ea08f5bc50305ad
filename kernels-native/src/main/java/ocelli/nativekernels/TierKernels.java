package ocelli.nativekernels;

/** The functions and packing sizes of one tier. */
record TierKernels(Tier tier) {
    long function(KernelId kernel) {
        return NativeCalls.kernel(kernel.ordinal(), tier.ordinal());
    }

    /** Output channels of one block of 8-bit weights. */
    int q8Block() {
        return NativeCalls.packing(tier.ordinal(), 0);
    }

    /** Weights of consecutive depth that lie together; the depth is padded to a multiple. */
    int q8Depth() {
        return NativeCalls.packing(tier.ordinal(), 1);
    }

    /** Bytes of one packed 8-bit weight and of one element of a gathered row. */
    int q8Bytes() {
        return NativeCalls.packing(tier.ordinal(), 2);
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

    /** Output channels of one block of float weights. */
    int f32Block() {
        return NativeCalls.packing(tier.ordinal(), 3);
    }
}
