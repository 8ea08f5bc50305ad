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

    /**
     * {@inheritDoc}
     *
     * <p>C2 must compile this by itself: inlined into a kernel beside the other epilogue, the methods of the Vector API that are
     * inlined in turn come to more than one compilation takes (NodeCountInliningCutoff), and those left out get each of their vectors
     * as an object. So it has more bytecodes than are inlined at a hot call (325), for which the copy of single bytes is written out,
     * and few enough calls: three loops over vectors were too many.
     */
    @Override
    public void column(long sums, long stride, int pixels, int c, int lanes, long to, long gap) {
        FloatVector scale = Lanes.floats(scales + 4L * c);
        // What is less than a vector wide is packed over the sums and copied from there.
        boolean whole = lanes == Lanes.N;
        long step = whole ? gap : stride;
        long into = whole ? to : sums;
        long from = sums;
        if (exact) {
            FloatVector b = Lanes.floats(bias + 4L * c);
            IntVector least = IntVector.broadcast(Lanes.I, Lanes.MAGIC_BITS + (int) low);
            IntVector most = IntVector.broadcast(Lanes.I, Lanes.MAGIC_BITS + (int) high);
            for (int i = 0; i < pixels; i++) {
                IntVector v = Lanes.floats(from).add(b).mul(scale).add(Requantizer.MAGIC).reinterpretAsInts();
                Lanes.intsToBytes(v.max(least).min(most).add(zeroPoint), into);
                from += stride;
                into += step;
            }
        } else {
            IntVector b = Lanes.ints(bias + 4L * c);
            for (int i = 0; i < pixels; i++) {
                Lanes.intsToBytes(scaled(Lanes.ints(from).add(b), scale, low, high, zeroPoint), into);
                from += stride;
                into += step;
            }
        }
        if (whole) {
            return;
        }
        from = sums;
        into = to;
        for (int i = 0; i < pixels; i++) {
            long at = 0;
            if ((lanes & 8) != 0) {
                Lanes.i64(into, Lanes.i64(from));
                at = 8;
            }
            if ((lanes & 4) != 0) {
                Lanes.i32(into + at, Lanes.i32(from + at));
                at += 4;
            }
            if ((lanes & 2) != 0) {
                Lanes.i16(into + at, Lanes.i16(from + at));
                at += 2;
            }
            if ((lanes & 1) != 0) {
                Lanes.i8(into + at, Lanes.i8(from + at));
            }
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
