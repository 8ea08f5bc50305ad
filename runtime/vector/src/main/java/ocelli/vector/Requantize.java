package ocelli.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.Requantizer;

/**
 * {@link Requantizer} on vectors, to the bit. Sums are exact integers in float32 as long as they stay within 2^24; so is a bias,
 * and their sum rounds like the conversion of the reference's accumulator. What is clamped may be rounded first as long as it
 * stays below 2^22, and integers clamp in one instruction. Where weights, biases and scales of the model do not promise
 * all that, sums come as int32.
 *
 * @param exact  whether they do
 * @param bias   address of a number for each channel, float32 when exact, else int32; padded with zeros
 * @param scales address of a float32 for each channel
 */
record Requantize(boolean exact, long bias, long scales, int zeroPoint, float low, float high) implements Epilogue {
    private static final int EXACT = 1 << 24;
    private static final int ROUNDS = 1 << 21;

    /**
     * Copies bias and scales into memory for {@code padded} channels.
     *
     * @param given the model's bias, or null
     * @param sums  for each channel the largest absolute value that its sums can have
     */
    static Requantize of(Requantizer rule, MemorySegment given, double[] sums, int padded, KernelMemory memory) {
        boolean exact = true;
        for (int c = 0; c < sums.length; c++) {
            double b = given == null ? 0 : Math.abs((double) given.get(ValueLayout.JAVA_INT_UNALIGNED, 4L * c));
            exact &= sums[c] <= EXACT && b <= EXACT && (sums[c] + b) * rule.scale(c) < ROUNDS;
        }
        boolean floats = exact;
        MemorySegment bias = memory.packed("bias", 4L * padded, m -> {
            for (int c = 0; c < sums.length; c++) {
                int b = given == null ? 0 : given.get(ValueLayout.JAVA_INT_UNALIGNED, 4L * c);
                m.setAtIndex(ValueLayout.JAVA_INT, c, floats ? Float.floatToRawIntBits(b) : b);
            }
        });
        MemorySegment scales = memory.packed("scales", 4L * padded, m -> {
            for (int c = 0; c < sums.length; c++) {
                m.setAtIndex(ValueLayout.JAVA_FLOAT, c, rule.scale(c));
            }
        });
        return new Requantize(exact, bias.address(), scales.address(), rule.zeroPoint(), rule.low(), rule.high());
    }

    @Override
    public int bytes() {
        return 1;
    }

    @Override
    public void column(long sums, long stride, int pixels, int c, int lanes, long to, long gap, long temp) {
        if (lanes < Lanes.N) {
            narrow(sums, stride, pixels, c, lanes, to, gap, temp);
        } else if (exact) {
            floats(sums, stride, pixels, c, to, gap);
        } else {
            ints(sums, stride, pixels, c, to, gap);
        }
    }

    private void floats(long sums, long stride, int pixels, int c, long to, long gap) {
        FloatVector b = Lanes.floats(bias + 4L * c);
        FloatVector scale = Lanes.floats(scales + 4L * c);
        IntVector least = IntVector.broadcast(Lanes.I, Lanes.MAGIC_BITS + (int) low);
        IntVector most = IntVector.broadcast(Lanes.I, Lanes.MAGIC_BITS + (int) high);
        long from = sums;
        long into = to;
        for (int i = 0; i < pixels; i++) {
            IntVector v = Lanes.floats(from).add(b).mul(scale).add(Requantizer.MAGIC).reinterpretAsInts();
            Lanes.intsToBytes(v.max(least).min(most).add(zeroPoint), into);
            from += stride;
            into += gap;
        }
    }

    private void ints(long sums, long stride, int pixels, int c, long to, long gap) {
        IntVector b = Lanes.ints(bias + 4L * c);
        FloatVector scale = Lanes.floats(scales + 4L * c);
        long from = sums;
        long into = to;
        for (int i = 0; i < pixels; i++) {
            Lanes.intsToBytes(scaled(Lanes.ints(from).add(b), scale, low, high, zeroPoint), into);
            from += stride;
            into += gap;
        }
    }

    /** By way of {@code temp}, from which so many bytes are copied. */
    private void narrow(long sums, long stride, int pixels, int c, int lanes, long to, long gap, long temp) {
        FloatVector scale = Lanes.floats(scales + 4L * c);
        long from = sums;
        long into = to;
        for (int i = 0; i < pixels; i++) {
            if (exact) {
                FloatVector v = Lanes.floats(from).add(Lanes.floats(bias + 4L * c)).mul(scale).add(Requantizer.MAGIC);
                Lanes.intsToBytes(v.reinterpretAsInts().max(Lanes.MAGIC_BITS + (int) low).min(Lanes.MAGIC_BITS + (int) high).add(zeroPoint), temp);
            } else {
                Lanes.intsToBytes(scaled(Lanes.ints(from).add(Lanes.ints(bias + 4L * c)), scale, low, high, zeroPoint), temp);
            }
            Lanes.copy8(temp, into, lanes);
            from += stride;
            into += gap;
        }
    }

    /** Output values for sums with their bias, to be narrowed to bytes. */
    static IntVector scaled(IntVector acc, FloatVector scale, float low, float high, int zeroPoint) {
        FloatVector t = ((FloatVector) acc.convert(VectorOperators.I2F, 0)).mul(scale).max(low).min(high).add(Requantizer.MAGIC);
        return t.reinterpretAsInts().sub(Lanes.MAGIC_BITS - zeroPoint);
    }
}
