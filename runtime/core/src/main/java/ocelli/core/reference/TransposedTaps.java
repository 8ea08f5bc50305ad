package ocelli.core.reference;

import ocelli.core.kernel.ConvGeometry;

/**
 * Where a transposed convolution reads: output pixel o gets kernel tap k of input pixel i when i · stride + k · dilation − pad = o.
 */
final class TransposedTaps {
    private TransposedTaps() {
    }

    /** The input row that gives kernel row {@code ky} to output row {@code oy}, or −1 when there is none. */
    static int inY(ConvGeometry g, int oy, int ky) {
        return source((long) oy + g.window().padTop() - (long) ky * g.window().dilationH(), g.window().strideH(), g.inH());
    }

    /** The same for columns. */
    static int inX(ConvGeometry g, int ox, int kx) {
        return source((long) ox + g.window().padLeft() - (long) kx * g.window().dilationW(), g.window().strideW(), g.inW());
    }

    private static int source(long at, int stride, int in) {
        return at >= 0 && at % stride == 0 && at / stride < in ? (int) (at / stride) : -1;
    }
}
