package ocelli.nativekernels;

import ocelli.core.graph.Activation;
import ocelli.core.graph.Cast;
import ocelli.core.graph.Dequantize;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.QuantTables;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.StridedLoops;
import ocelli.core.kernel.Support;
import ocelli.core.kernel.Tiling;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** float32 to 8-bit and back, 8-bit from one quantisation to another, and the usual element types into one another. */
record ConvertNative(TierKernels tier) implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        TensorType x = r.inputType(0);
        TensorType y = r.outputType();
        boolean one = !x.quant().isPerAxis() && !y.quant().isPerAxis();
        if (r.op() instanceof Cast) {
            return ElementType.of(x.dtype()).isPresent() && ElementType.of(y.dtype()).isPresent()
                    ? Support.yes("CastNative", tier.tier().label())
                    : Support.no("cast of " + x.dtype().label() + " to " + y.dtype().label());
        }
        String name = null;
        if (one && r.op() instanceof Dequantize) {
            name = x.isQuantized8() && y.dtype() == DType.FLOAT32 ? "DequantizeNative" : null;
        } else if (one && y.isQuantized8()) {
            name = x.isQuantized8() ? "TableQ8Native" : x.dtype() == DType.FLOAT32 ? "QuantizeNative" : null;
        }
        return name == null ? Support.no("input is " + x + ", output is " + y) : Support.yes(name, tier.tier().label());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        TensorType x = r.inputType(0);
        TensorType y = r.outputType();
        StridedLoops loops = StridedLoops.broadcast(r.output(), r.input(0));
        Tiling tiling = Tiling.of(loops, ElementwiseNative.TILE, ElementwiseNative.TILE);
        Params params = new Params(memory, ElementParam.values()).set(ElementParam.A, memory.input(0)).set(ElementParam.Y, memory.output(0))
                .setLoops(loops, tiling, 1);
        KernelId id;
        if (r.op() instanceof Cast) {
            params.set(ElementParam.KIND, (long) ElementType.of(x.dtype()).orElseThrow().ordinal() * ElementType.values().length
                    + ElementType.of(y.dtype()).orElseThrow().ordinal());
            id = KernelId.CAST;
        } else if (r.op() instanceof Dequantize) {
            params.set(ElementParam.A_SIGNED, Params.signed(x.dtype())).set(ElementParam.A_ZERO, x.quant().zeroPoint())
                    .setFloat(ElementParam.SCALE_F32, x.quant().scale());
            id = KernelId.DEQUANTIZE_Q8;
        } else if (x.isQuantized8()) {
            id = ElementwiseNative.table(params, memory, QuantTables.requantize(x, y));
        } else {
            Requantizer rule = Requantizer.of(1, y, Activation.NONE);
            params.setFloat(ElementParam.SCALE_F32, y.quant().scale()).set(ElementParam.Y_ZERO, rule.zeroPoint())
                    .set(ElementParam.LOW, (long) rule.low()).set(ElementParam.HIGH, (long) rule.high());
            id = KernelId.QUANTIZE_F32;
        }
        return new NativeKernel(tier.function(id), params.address(), tiling.tiles());
    }
}
