package ocelli.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/**
 * Weights [O, depth] as float32 in blocks of {@link FloatGemm#BLOCK} channels, 8-bit ones without their zero point, zeros in
 * the place of missing channels.
 *
 * @param largest the largest absolute value
 */
record PackedWeights(MemorySegment data, float largest) {

    static PackedWeights of(KernelRequest r, ConvGeometry g, KernelMemory memory) {
        int blocks = (g.outC() + FloatGemm.BLOCK - 1) / FloatGemm.BLOCK;
        long elements = (long) blocks * FloatGemm.BLOCK * g.depth();
        MemorySegment packed = memory.packed("weights", 4 * (elements + 1), m ->
                m.setAtIndex(ValueLayout.JAVA_FLOAT, elements, fill(r, g, memory.input(1), m)));
        return new PackedWeights(packed, packed.getAtIndex(ValueLayout.JAVA_FLOAT, elements));
    }

    /** Returns the largest absolute value, which stands behind the weights. */
    private static float fill(KernelRequest r, ConvGeometry g, MemorySegment raw, MemorySegment packed) {
        int depth = g.depth();
        float largest = 0;
        for (int c = 0; c < g.outC(); c++) {
            long to = (long) (c / FloatGemm.BLOCK) * depth * FloatGemm.BLOCK + c % FloatGemm.BLOCK;
            for (int d = 0; d < depth; d++) {
                float w = weight(r.inputType(1), raw, c, (long) c * depth + d);
                packed.setAtIndex(ValueLayout.JAVA_FLOAT, to + (long) d * FloatGemm.BLOCK, w);
                largest = Math.max(largest, Math.abs(w));
            }
        }
        return largest;
    }

    /** A weight as a number, without its channel's zero point. */
    static float weight(TensorType type, MemorySegment raw, int channel, long i) {
        if (type.dtype() == DType.FLOAT32) {
            return raw.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i);
        }
        byte b = raw.get(ValueLayout.JAVA_BYTE, i);
        return (type.dtype() == DType.INT8 ? b : b & 0xff) - type.quant().zeroPoint(channel);
    }
}
