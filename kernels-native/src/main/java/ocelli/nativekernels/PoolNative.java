package ocelli.nativekernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.graph.Pool2d;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Maximum and average pooling, float32 and 8-bit. A tile is a row of output pixels. */
record PoolNative(TierKernels tier) implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        TensorType in = r.inputType(0);
        TensorType out = r.outputType();
        boolean max = ((Pool2d) r.op()).kind() == Pool2d.Kind.MAX;
        boolean floats = in.dtype() == DType.FLOAT32 && out.dtype() == DType.FLOAT32;
        boolean quantised = in.isQuantized8() && out.isQuantized8() && in.dtype() == out.dtype() && (!max || in.quant().equals(out.quant()));
        if (!floats && !quantised) {
            return Support.no("input is " + in + ", output is " + out);
        }
        return Support.yes(floats ? "PoolF32Native" : "PoolQ8Native", tier.tier().label());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Pool2d op = (Pool2d) r.op();
        Shape x = r.inputType(0).shape();
        Shape y = r.outputType().shape();
        ConvGeometry g = new ConvGeometry(x.dim(0), x.dim(1), x.dim(2), x.dim(3), y.dim(1), y.dim(2), y.dim(3), op.window(), x.dim(3),
                op.activation(), r.input(0).pixelStride(), r.output().pixelStride());
        boolean max = op.kind() == Pool2d.Kind.MAX;
        Params params = new Params(memory, ConvParam.values()).setGeometry(g).set(ConvParam.POOL_MAX, max);
        int tiles = g.batch() * g.outH();
        if (r.inputType(0).dtype() == DType.FLOAT32) {
            return new NativeKernel(tier.function(KernelId.POOL_F32), params.address(), tiles);
        }
        Conv2dQ8Native.setQuantization(params, r, Requantizer.of(1, r.outputType(), op.activation()));
        if (!max) {
            boolean same = r.inputType(0).quant().equals(r.outputType().quant());
            params.set(ConvParam.POOL_SAME_QUANT, same);
            if (!same) {
                params.set(ConvParam.POOL_SCALES_BY_COUNT, scalesByCount(r, memory, g));
            }
        }
        return new NativeKernel(tier.function(max ? KernelId.MAXPOOL_Q8 : KernelId.AVGPOOL_Q8), params.address(), tiles);
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
