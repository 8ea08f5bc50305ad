package ocelli.nativekernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** Depthwise convolutions with one output for each input channel, float32 and 8-bit. A tile is a row of output pixels. */
record DepthwiseConv2dNative(TierKernels tier) implements KernelFactory {
    /** The kernel keeps the addresses of its taps on the stack (MOST_TAPS in depthwise.h). */
    private static final int MOST_TAPS = 225;

    @Override
    public Support supports(KernelRequest r) {
        boolean floats = r.inputType(0).dtype() == DType.FLOAT32 && r.inputType(1).dtype() == DType.FLOAT32
                && r.outputType().dtype() == DType.FLOAT32;
        boolean quantised = r.inputType(0).isQuantized8() && r.inputType(1).isQuantized8() && r.outputType().isQuantized8();
        if (!floats && !quantised) {
            return Support.no("operands are neither all float32 nor all quantised 8-bit");
        }
        ConvGeometry g = ConvGeometry.of(r);
        if (g.outC() != g.inC()) {
            return Support.no("channel multiplier is " + g.outC() / g.inC());
        }
        if (g.window().kernelH() * g.window().kernelW() > MOST_TAPS) {
            return Support.no("window has over " + MOST_TAPS + " elements");
        }
        if (!r.input(1).isConstant() || r.hasInput(2) && !r.input(2).isConstant()) {
            return Support.no("weights or bias are not constant");
        }
        return Support.yes(floats ? "DepthwiseConv2dF32Native" : "DepthwiseConv2dQ8Native", tier.tier().label());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        ConvGeometry g = ConvGeometry.of(r);
        Params params = new Params(memory, ConvParam.values()).setGeometry(g);
        boolean floats = r.inputType(0).dtype() == DType.FLOAT32;
        if (floats) {
            packF32(r, memory, g, params);
        } else {
            packQ8(r, memory, g, params);
        }
        return new NativeKernel(tier.function(floats ? KernelId.DEPTHWISE_F32 : KernelId.DEPTHWISE_Q8), params.address(), g.batch() * g.outH());
    }

    private static void packF32(KernelRequest r, KernelMemory memory, ConvGeometry g, Params params) {
        MemorySegment weights = memory.packed("weights", r.inputType(1).bytes(), m -> m.copyFrom(memory.input(1)));
        MemorySegment bias = memory.packed("bias", g.outC() * 4L, m -> {
            if (r.hasInput(2)) {
                m.copyFrom(memory.input(2));
            }
        });
        params.set(ConvParam.WEIGHTS, weights).set(ConvParam.BIAS, bias)
                // What padding reads: a pixel of zeros.
                .set(ConvParam.RAW_WEIGHTS, memory.packed("padding", g.inC() * 4L, _ -> { }));
    }

    /** Weights as int16 without their zero point, in as many bytes as the tier wants, [tap][channels]; the input's zero point goes into the bias. */
    private void packQ8(KernelRequest r, KernelMemory memory, ConvGeometry g, Params params) {
        TensorType w = r.inputType(1);
        int taps = g.window().kernelH() * g.window().kernelW();
        int zx = r.inputType(0).quant().zeroPoint();
        long biasAt = ((long) tier.depthwiseBytes() * taps * g.outC() + 63) / 64 * 64;
        MemorySegment packed = memory.packed("weights", biasAt + 4L * g.outC(), m -> fillQ8(r, memory, g, m, m.asSlice(biasAt)));
        Requantizer requantizer = Requantizer.ofWeights(r.inputType(0), w, g.outC(), r.outputType(), g.activation());
        params.set(ConvParam.WEIGHTS, packed).set(ConvParam.BIAS, packed.asSlice(biasAt))
                .set(ConvParam.SCALES, Conv2dQ8Native.scales(memory, requantizer, g.outC(), g.outC()))
                // What padding reads: a pixel of zero points.
                .set(ConvParam.RAW_WEIGHTS, memory.packed("padding", g.inC(), m -> m.fill((byte) zx)));
        Conv2dQ8Native.setQuantization(params, r, requantizer);
    }

    private void fillQ8(KernelRequest r, KernelMemory memory, ConvGeometry g, MemorySegment weights, MemorySegment bias) {
        TensorType w = r.inputType(1);
        int taps = g.window().kernelH() * g.window().kernelW();
        int zx = r.inputType(0).quant().zeroPoint();
        MemorySegment raw = memory.input(1);
        int bytes = tier.depthwiseBytes();
        for (int c = 0; c < g.outC(); c++) {
            int sum = 0;
            for (int t = 0; t < taps; t++) {
                byte b = raw.get(ValueLayout.JAVA_BYTE, (long) t * g.outC() + c);
                int v = (Params.signed(w.dtype()) ? b : b & 0xff) - w.quant().zeroPoint(c);
                long at = (long) t * g.outC() + c;
                if (bytes == Short.BYTES) {
                    weights.setAtIndex(ValueLayout.JAVA_SHORT, at, (short) v);
                } else {
                    // The upper half is zero: it meets the upper half of a widened input.
                    weights.setAtIndex(ValueLayout.JAVA_INT, at, v & 0xffff);
                }
                sum += v;
            }
            int b = r.hasInput(2) ? memory.input(2).get(ValueLayout.JAVA_INT_UNALIGNED, 4L * c) : 0;
            bias.setAtIndex(ValueLayout.JAVA_INT, c, b - zx * sum);
        }
    }
}
