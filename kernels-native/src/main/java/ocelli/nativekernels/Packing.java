package ocelli.nativekernels;

/**
 * How a tier packs the weights of a convolution.
 *
 * @param block output channels of a block
 * @param depth elements of consecutive depth that lie together
 * @param bytes bytes of one weight, and of an element of a gathered row
 */
record Packing(int block, int depth, int bytes) {
    int blocks(int channels) {
        return (channels + block - 1) / block;
    }

    /** Elements of a window of some runs with the zeros behind each. */
    long paddedDepth(int runs, int run) {
        return (long) runs * ((run + depth - 1) / depth * depth);
    }

    /** Bytes of the packed weights of all channels. */
    long weightBytes(ConvTiling tiling, int channels) {
        return (long) blocks(channels) * block * paddedDepth(tiling.runs(), tiling.run()) * bytes;
    }
}
