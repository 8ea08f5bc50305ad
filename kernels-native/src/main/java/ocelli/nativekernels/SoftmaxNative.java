package ocelli.nativekernels;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Softmax;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.QuantTables;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** Softmax over the last dimension, float32 and 8-bit, and its logarithm in float32. */
record SoftmaxNative(TierKernels tier) implements KernelFactory {
    /** Elements of a tile. */
    private static final int TILE = 1 << 13;

    private enum Param { X, Y, ROWS, DEPTH, ROWS_PER_TILE, LOGARITHM, BETA_F32, X_SIGNED, TABLE, SCALE_F32, LOW, HIGH, Y_ZERO }

    @Override
    public Support supports(KernelRequest r) {
        TensorType x = r.inputType(0);
        TensorType y = r.outputType();
        boolean floats = x.dtype() == DType.FLOAT32 && y.dtype() == DType.FLOAT32;
        boolean quantised = r.op() instanceof Softmax && x.isQuantized8() && y.isQuantized8();
        return !r.isDense() ? Support.no("operands are not dense")
                : floats || quantised ? Support.yes(floats ? "SoftmaxF32Native" : "SoftmaxQ8Native", tier.tier().label())
                : Support.no("input is " + x.dtype().label() + ", output is " + y.dtype().label());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        TensorType x = r.inputType(0);
        float beta = r.op() instanceof Softmax s ? s.beta() : 1;
        int depth = x.shape().channels();
        int rows = depth == 0 ? 0 : x.shape().elements() / depth;
        int perTile = Math.max(1, TILE / Math.max(depth, 1));
        Params params = new Params(memory, Param.values()).set(Param.X, memory.input(0)).set(Param.Y, memory.output(0))
                .set(Param.ROWS, rows).set(Param.DEPTH, depth).set(Param.ROWS_PER_TILE, perTile)
                .set(Param.LOGARITHM, !(r.op() instanceof Softmax)).setFloat(Param.BETA_F32, beta);
        boolean floats = x.dtype() == DType.FLOAT32;
        if (!floats) {
            int[] exponentials = QuantTables.exponentials((double) beta * x.quant().scale());
            MemorySegment table = memory.allocate(4L * exponentials.length);
            table.copyFrom(MemorySegment.ofArray(exponentials));
            Requantizer rule = Requantizer.of(1, r.outputType(), Activation.NONE);
            params.set(Param.TABLE, table).set(Param.X_SIGNED, Params.signed(x.dtype()))
                    .setFloat(Param.SCALE_F32, r.outputType().quant().scale())
                    .set(Param.LOW, (long) rule.low()).set(Param.HIGH, (long) rule.high()).set(Param.Y_ZERO, rule.zeroPoint());
        }
        return new NativeKernel(tier.function(floats ? KernelId.SOFTMAX_F32 : KernelId.SOFTMAX_Q8), params.address(),
                Math.max(1, (rows + perTile - 1) / perTile));
    }
}
