package ocelli.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.Requantizer;

/**
 * {@link Requantizer} on vectors, to the bit: bias and scale for each channel lie in memory, padded with zeros.
 *
 * @param bias   address of an int32 for each channel
 * @param scales address of a float32 for each channel
 */
record Requantize(long bias, long scales, int zeroPoint, float low, float high) {

    /** Copies bias and scales into memory for {@code padded} channels. @param bias the model's, or null */
    static Requantize of(Requantizer rule, MemorySegment bias, int channels, int padded, KernelMemory memory) {
        MemorySegment b = memory.packed("bias", 4L * padded, m -> {
            if (bias != null) {
                MemorySegment.copy(bias, 0, m, 0, 4L * channels);
            }
        });
        MemorySegment s = memory.packed("scales", 4L * padded, m -> {
            for (int c = 0; c < channels; c++) {
                m.setAtIndex(ValueLayout.JAVA_FLOAT, c, rule.scale(c));
            }
        });
        return new Requantize(b.address(), s.address(), rule.zeroPoint(), rule.low(), rule.high());
    }

    /** Output values of the channels from {@code c} on, for sums without bias. */
    IntVector apply(IntVector sums, long c) {
        return scaled(sums.add(Lanes.ints(bias + 4 * c)), Lanes.floats(scales + 4 * c), low, high, zeroPoint);
    }

    /** Output values for sums with their bias, to be narrowed to bytes. */
    static IntVector scaled(IntVector acc, FloatVector scale, float low, float high, int zeroPoint) {
        FloatVector t = ((FloatVector) acc.convert(VectorOperators.I2F, 0)).mul(scale).max(low).min(high).add(Requantizer.MAGIC);
        return t.reinterpretAsInts().sub(Lanes.MAGIC_BITS - zeroPoint);
    }

    /** One output value. */
    byte apply(int sum, long c) {
        int acc = sum + Lanes.i32(bias + 4 * c);
        float t = Math.min(Math.max((float) acc * Lanes.f32(scales + 4 * c), low), high);
        return (byte) ((int) Math.rint(t) + zeroPoint);
    }
}
