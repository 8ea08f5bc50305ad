package ocelli.vector;

import ocelli.core.graph.Unary;
import ocelli.core.kernel.StridedLoops;
import ocelli.core.kernel.Tiling;

/** A function of each element in float32. */
final class FunctionKernel extends LoopKernel {
    private final FunctionRow function;
    private final long[] scratch;

    FunctionKernel(StridedLoops loops, Tiling tiling, long x, long y, Unary op, long[] scratch) {
        super(loops, tiling, x, 0, y, Float.BYTES, Float.BYTES);
        this.function = new FunctionRow(op);
        this.scratch = scratch;
    }

    @Override
    void row(long x, long b, long y, int n, int worker) {
        function.run(x, y, n, scratch[worker]);
    }
}
