package ocelli.nativekernels;

import java.lang.foreign.MemorySegment;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.TensorType;

/** Ungrouped 8-bit convolutions and fully connected layers as matrix products with packed weights. */
record Conv2dQ8Native(TierKernels tier) implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        if (!r.inputType(0).isQuantized8() || !r.inputType(1).isQuantized8() || !r.outputType().isQuantized8()) {
            return Support.no("operands are not all quantised 8-bit");
        }
        ConvGeometry g = ConvGeometry.of(r);
        if (g.groups() != 1) {
            return Support.no("convolution has " + g.groups() + " groups");
        }
        if (!r.input(1).isConstant() || r.hasInput(2) && !r.input(2).isConstant()) {
            return Support.no("weights or bias are not constant");
        }
        if (r.inputType(1).quant().isPerAxis() && !symmetric(r.inputType(1))) {
            return Support.no("per-channel weights with zero points");
        }
        return Support.yes("Conv2dQ8Native", tier.tier().label(), ConvTiling.of(g, tier.q8Packing(), r.threads()).scratchBytes(g, tier.q8Packing()));
    }

    private static boolean symmetric(TensorType weights) {
        for (int c = 0; c < weights.quant().size(); c++) {
            if (weights.quant().zeroPoint(c) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        ConvGeometry g = ConvGeometry.of(r);
        Packing packing = tier.q8Packing();
        ConvTiling tiling = ConvTiling.of(g, packing, r.threads());
        long channels = (long) packing.blocks(g.outC()) * packing.block();
        Requantizer requantizer = Requantizer.ofWeights(r.inputType(0), r.inputType(1), g.outC(), r.outputType(), g.activation());
        Params params = new Params(memory, ConvParam.values()).setGeometry(g)
                .set(ConvParam.SCALES, scales(memory, requantizer, g.outC(), channels))
                .setScratch(r.threads())
                .set(ConvParam.W_SIGNED, Params.signed(r.inputType(1).dtype())).set(ConvParam.W_ZERO, r.inputType(1).quant().zeroPoint(0));
        setQuantization(params, r, requantizer);
        if (r.hasInput(2)) {
            params.set(ConvParam.RAW_BIAS, memory.input(2));
        }
        tiling.write(params);
        params.pack(tier, KernelId.PACK_CONV_Q8, tiling, memory.input(1), packing.weightBytes(tiling, g.outC()), channels * 4);
        return new NativeKernel(tier.function(KernelId.CONV_Q8), params.address(), tiling.tiles());
    }

    /** The quantisation of input and output. */
    static void setQuantization(Params params, KernelRequest r, Requantizer requantizer) {
        params.set(ConvParam.X_SIGNED, Params.signed(r.inputType(0).dtype())).set(ConvParam.X_ZERO, r.inputType(0).quant().zeroPoint())
                .set(ConvParam.Y_ZERO, requantizer.zeroPoint())
                .set(ConvParam.LOW, (long) requantizer.low()).set(ConvParam.HIGH, (long) requantizer.high());
    }

    /** One scale for each channel, zeros behind. */
    static MemorySegment scales(KernelMemory memory, Requantizer requantizer, int used, long channels) {
        return memory.packed("scales", channels * 4, scales -> {
            float[] values = new float[used];
            for (int c = 0; c < used; c++) {
                values[c] = requantizer.scale(c);
            }
            scales.copyFrom(MemorySegment.ofArray(values));
        });
    }
}
