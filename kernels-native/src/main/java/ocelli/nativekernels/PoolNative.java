package ocelli.nativekernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Window;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Maximum and average pooling, float32 and 8-bit; the maximum of plain 8-bit integers too. A tile is some rows of output pixels. */
record PoolNative(TierKernels tier) implements KernelFactory {
    /** Elements of the block of an image that is pooled at a time: half of a small first-level cache, as float32. */
    private static final int BLOCK = 1 << 12;
    /** The fewest channels of a block, if there are more. */
    private static final int CHANNELS = 64;
    /** Windows wider than any image that a block could hold. */
    private static final int MOST_COLUMNS = 1 << 12;
    /** Elements that the windows of a tile read at least: some 20 µs. */
    private static final int TILE = 1 << 18;

    @Override
    public Support supports(KernelRequest r) {
        TensorType in = r.inputType(0);
        TensorType out = r.outputType();
        boolean max = ((Pool2d) r.op()).kind() == Pool2d.Kind.MAX;
        boolean floats = in.dtype() == DType.FLOAT32 && out.dtype() == DType.FLOAT32;
        boolean bytes = in.dtype().isQ8() && in.dtype() == out.dtype() && (max ? in.quant().equals(out.quant())
                : in.isQuantized8() && out.isQuantized8());
        if (!floats && !bytes) {
            return Support.no("input is " + in + ", output is " + out);
        }
        ConvGeometry g = geometry(r);
        if (span(g.window()) > MOST_COLUMNS) {
            return Support.no("a window is " + span(g.window()) + " pixels wide, at most " + MOST_COLUMNS + " are supported");
        }
        return Support.yes(floats ? "PoolF32Native" : "PoolQ8Native", tier.tier().label(), 4L * (columns(g) + 1) * channels(g));
    }

    private static ConvGeometry geometry(KernelRequest r) {
        Shape x = r.inputType(0).shape();
        Shape y = r.outputType().shape();
        Pool2d op = (Pool2d) r.op();
        return new ConvGeometry(x.dim(0), x.dim(1), x.dim(2), x.dim(3), y.dim(1), y.dim(2), y.dim(3), op.window(), x.dim(3),
                op.activation(), r.input(0).pixelStride(), r.output().pixelStride());
    }

    /** Columns under a window. */
    private static long span(Window w) {
        return (w.kernelW() - 1L) * w.dilationW() + 1;
    }

    /** Columns under a row of windows. */
    private static long all(ConvGeometry g) {
        return (g.outW() - 1L) * g.window().strideW() + span(g.window());
    }

    /** Channels of a block: all of them, if then two windows fit or a whole row. */
    private static int channels(ConvGeometry g) {
        long wanted = Math.min(all(g), Math.max(2 * span(g.window()), 16));
        return Math.min(g.outC(), Math.max(CHANNELS, (int) (BLOCK / wanted / CHANNELS) * CHANNELS));
    }

    private static int columns(ConvGeometry g) {
        return (int) Math.max(span(g.window()), Math.min(all(g), BLOCK / Math.max(channels(g), 1)));
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Pool2d op = (Pool2d) r.op();
        ConvGeometry g = geometry(r);
        boolean max = op.kind() == Pool2d.Kind.MAX;
        Params params = new Params(memory, ConvParam.values()).setGeometry(g).setScratch(r.threads()).set(ConvParam.POOL_MAX, max)
                .set(ConvParam.POOL_COLUMNS, columns(g)).set(ConvParam.POOL_CHANNELS, channels(g));
        int rows = g.batch() * g.outH();
        long rowWork = (all(g) * g.window().kernelH() + (long) g.outW() * g.window().kernelW()) * g.outC();
        int grain = Math.clamp(TILE / Math.max(rowWork, 1), 1, Math.max(rows, 1));
        if (r.inputType(0).dtype() == DType.FLOAT32) {
            return new NativeKernel(tier.function(KernelId.POOL_F32), params.address(), rows, grain);
        }
        TensorType y = inSteps(r.outputType());
        Requantizer rule = Requantizer.of(1, y, op.activation());
        params.set(ConvParam.X_SIGNED, Params.signed(y.dtype())).set(ConvParam.X_ZERO, inSteps(r.inputType(0)).quant().zeroPoint())
                .set(ConvParam.Y_ZERO, rule.zeroPoint()).set(ConvParam.LOW, (long) rule.low()).set(ConvParam.HIGH, (long) rule.high());
        if (!max) {
            boolean same = r.inputType(0).quant().equals(r.outputType().quant());
            params.set(ConvParam.POOL_SAME_QUANT, same);
            if (!same) {
                params.set(ConvParam.POOL_SCALES_BY_COUNT, scalesByCount(r, memory, g));
            }
        }
        return new NativeKernel(tier.function(max ? KernelId.MAXPOOL_Q8 : KernelId.AVGPOOL_Q8), params.address(), rows, grain);
    }

    /** Plain 8-bit integers are quantised in steps of 1. */
    private static TensorType inSteps(TensorType t) {
        return t.quant().isNone() ? new TensorType(t.dtype(), t.shape(), Quantization.perTensor(1, 0)) : t;
    }

    /** Windows at the border have fewer elements: a scale for each number of them. */
    private static MemorySegment scalesByCount(KernelRequest r, KernelMemory memory, ConvGeometry g) {
        int most = Math.min(g.window().kernelH(), g.inH()) * Math.min(g.window().kernelW(), g.inW());
        MemorySegment scales = memory.allocate(4L * (most + 1));
        for (int n = 1; n <= most; n++) {
            scales.setAtIndex(ValueLayout.JAVA_FLOAT, n, r.inputType(0).quant().scale() / (r.outputType().quant().scale() * n));
        }
        return scales;
    }
}
