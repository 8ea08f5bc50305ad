package ocelli.nativekernels;

import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/** float32 to uint8 by the tensor's own range. */
record DynamicQuantizeNative(TierKernels tier) implements KernelFactory {
    private enum Param { X, Y, SCALE, ZERO, COUNT }

    @Override
    public Support supports(KernelRequest r) {
        boolean fits = r.outputType().dtype() == DType.UINT8 && r.outputs().get(1).type().dtype() == DType.FLOAT32
                && r.outputs().get(2).type().dtype() == DType.UINT8;
        return !r.isDense() ? Support.no("operands are not dense") : fits ? Support.yes("DynamicQuantizeNative", tier.tier().label())
                : Support.no("outputs are " + r.outputs().stream().map(o -> o.type().toString()).toList());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Params params = new Params(memory, Param.values()).set(Param.X, memory.input(0)).set(Param.Y, memory.output(0))
                .set(Param.SCALE, memory.output(1)).set(Param.ZERO, memory.output(2)).set(Param.COUNT, r.inputType(0).shape().elements());
        return new NativeKernel(tier.function(KernelId.DYNAMIC_QUANTIZE), params.address(), 1);
    }
}
