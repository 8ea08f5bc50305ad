package ocelli.vector;

import ocelli.core.graph.Unary;
import ocelli.core.kernel.ConvGeometry;

/** The function behind a convolution, in place on output pixels that were just written and are still in the cache. */
final class PixelFunction {
    private final FunctionRow function;
    private final long y;
    private final int stride;
    private final int all;

    /** @param y address of the first output pixel */
    PixelFunction(Unary function, ConvGeometry g, long y) {
        this.function = new FunctionRow(function);
        this.y = y;
        this.stride = g.outPixelStride();
        this.all = g.outC();
    }

    /**
     * Channels {@code from … to − 1} of {@code count} pixels from {@code first} on.
     *
     * @param scratch memory of {@link FunctionRow#SCRATCH_BYTES}
     */
    void run(int first, int count, int from, int to, long scratch) {
        if (stride == all && to - from == all) {
            long at = y + 4L * first * stride;
            function.run(at, at, count * stride, scratch);
            return;
        }
        for (int i = first; i < first + count; i++) {
            long at = y + 4 * ((long) i * stride + from);
            function.run(at, at, to - from, scratch);
        }
    }
}
