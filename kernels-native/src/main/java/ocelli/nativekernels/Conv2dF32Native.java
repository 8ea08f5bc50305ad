package ocelli.nativekernels;

import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/** Ungrouped float32 convolutions and fully connected layers as matrix products with packed weights. */
record Conv2dF32Native(TierKernels tier) implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        if (r.inputType(0).dtype() != DType.FLOAT32 || r.inputType(1).dtype() != DType.FLOAT32 || r.outputType().dtype() != DType.FLOAT32) {
            return Support.no("operands are not all float32");
        }
        ConvGeometry g = ConvGeometry.of(r);
        if (g.groups() != 1) {
            return Support.no("convolution has " + g.groups() + " groups");
        }
        if (!r.input(1).isConstant() || r.hasInput(2) && !r.input(2).isConstant()) {
            return Support.no("weights or bias are not constant");
        }
        return Support.yes("Conv2dF32Native", tier.tier().label(), ConvTiling.of(g, tier.f32Packing(), r.threads()).scratchBytes(g, tier.f32Packing()));
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        ConvGeometry g = ConvGeometry.of(r);
        Packing packing = tier.f32Packing();
        ConvTiling tiling = ConvTiling.of(g, packing, r.threads());
        long channels = (long) packing.blocks(g.outC()) * packing.block();
        Params params = new Params(memory, ConvParam.values()).setGeometry(g)
                .setScratch(r.threads());
        if (r.hasInput(2)) {
            params.set(ConvParam.RAW_BIAS, memory.input(2));
        }
        tiling.write(params);
        params.pack(tier, KernelId.PACK_CONV_F32, tiling, memory.input(1), packing.weightBytes(tiling, g.outC()), channels * 4);
        return new NativeKernel(tier.function(KernelId.CONV_F32), params.address(), tiling.tiles());
    }
}
