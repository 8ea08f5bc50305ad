package ocelli.nativekernels;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Sampling;
import ocelli.core.kernel.Bilinear;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Bilinear interpolation, float32 and 8-bit. A tile is some rows of output pixels. */
record ResizeNative(TierKernels tier) implements KernelFactory {
    /** Elements of the output that a tile makes at least: some 10 µs. */
    private static final int TILE = 1 << 16;

    private enum Param {
        X, Y, IN_H, IN_W, OUT_H, OUT_W, CHANNELS, X_STRIDE, Y_STRIDE, X_SIGNED,
        ROW_LOWER, ROW_UPPER, ROW_WEIGHT, COLUMN_LOWER, COLUMN_UPPER, COLUMN_WEIGHT
    }

    @Override
    public Support supports(KernelRequest r) {
        TensorType x = r.inputType(0);
        TensorType y = r.outputType();
        Resize op = (Resize) r.op();
        boolean floats = x.dtype() == DType.FLOAT32 && y.dtype() == DType.FLOAT32;
        boolean quantised = x.isQuantized8() && x.dtype() == y.dtype() && x.quant().equals(y.quant());
        return op.kind() != Resize.Kind.BILINEAR || op.rule().coordinates() == Sampling.Coordinates.CROP || op.rule().excludeOutside()
                ? Support.no("not a plain bilinear interpolation")
                : floats || quantised ? Support.yes(floats ? "ResizeBilinearF32Native" : "ResizeBilinearQ8Native", tier.tier().label())
                : Support.no("input is " + x + ", output is " + y);
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Resize op = (Resize) r.op();
        Shape x = r.inputType(0).shape();
        Shape y = r.outputType().shape();
        boolean floats = r.inputType(0).dtype() == DType.FLOAT32;
        Bilinear rows = Bilinear.of(op, x.dim(1), y.dim(1), true);
        Bilinear columns = Bilinear.of(op, x.dim(2), y.dim(2), false);
        Params params = new Params(memory, Param.values()).set(Param.X, memory.input(0)).set(Param.Y, memory.output(0))
                .set(Param.IN_H, x.dim(1)).set(Param.IN_W, x.dim(2)).set(Param.OUT_H, y.dim(1)).set(Param.OUT_W, y.dim(2))
                .set(Param.CHANNELS, x.dim(3)).set(Param.X_STRIDE, r.input(0).pixelStride()).set(Param.Y_STRIDE, r.output().pixelStride())
                .set(Param.X_SIGNED, Params.signed(r.inputType(0).dtype()))
                .set(Param.ROW_LOWER, ints(rows.lower(), memory)).set(Param.ROW_UPPER, ints(rows.upper(), memory))
                .set(Param.ROW_WEIGHT, floats ? floats(rows.fraction(), memory) : ints(rows.weights(), memory))
                .set(Param.COLUMN_LOWER, ints(columns.lower(), memory)).set(Param.COLUMN_UPPER, ints(columns.upper(), memory))
                .set(Param.COLUMN_WEIGHT, floats ? floats(columns.fraction(), memory) : ints(columns.weights(), memory));
        int all = y.dim(0) * y.dim(1);
        return new NativeKernel(tier.function(floats ? KernelId.RESIZE_F32 : KernelId.RESIZE_Q8), params.address(), all,
                Math.clamp(TILE / Math.max(y.dim(2) * y.dim(3), 1), 1, Math.max(all, 1)));
    }

    private static MemorySegment ints(int[] values, KernelMemory memory) {
        MemorySegment segment = memory.allocate(4L * values.length);
        segment.copyFrom(MemorySegment.ofArray(values));
        return segment;
    }

    private static MemorySegment floats(float[] values, KernelMemory memory) {
        MemorySegment segment = memory.allocate(4L * values.length);
        segment.copyFrom(MemorySegment.ofArray(values));
        return segment;
    }
}
