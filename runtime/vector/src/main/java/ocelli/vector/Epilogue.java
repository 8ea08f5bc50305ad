package ocelli.vector;

/** What becomes of a convolution's sums: bias, scale, activation, and the way into the output. */
interface Epilogue {
    /** Bytes of an element of the output. */
    int bytes();

    /**
     * Up to one vector of channels of some pixels.
     *
     * @param sums   address of the first pixel's sums, one vector of 32-bit lanes; they may be overwritten
     * @param stride bytes from pixel to pixel of the sums
     * @param pixels how many
     * @param c      the first channel
     * @param lanes  channels, 1 … {@link Lanes#N}
     * @param to     address of the first pixel's output in channel c
     * @param gap    bytes from pixel to pixel of the output
     */
    void column(long sums, long stride, int pixels, int c, int lanes, long to, long gap);
}
