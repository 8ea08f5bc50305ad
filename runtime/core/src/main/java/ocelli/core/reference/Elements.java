package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.tensor.DType;

/**
 * Elements of every type as a double or a long, at any alignment. A long holds the bits of a uint64 and the exact value of
 * every other integer; a bool is 0 or 1.
 */
final class Elements {
    private Elements() {
    }

    /** An element of an integer type or a bool. */
    static long integer(MemorySegment m, DType t, long i) {
        return switch (t) {
            case INT8 -> m.get(ValueLayout.JAVA_BYTE, i);
            case UINT8 -> m.get(ValueLayout.JAVA_BYTE, i) & 0xff;
            case BOOL -> m.get(ValueLayout.JAVA_BYTE, i) != 0 ? 1 : 0;
            case INT16 -> m.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2);
            case UINT16 -> m.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2) & 0xffff;
            case INT32 -> m.get(ValueLayout.JAVA_INT_UNALIGNED, i * 4);
            case UINT32 -> m.get(ValueLayout.JAVA_INT_UNALIGNED, i * 4) & 0xffffffffL;
            case INT64, UINT64 -> m.get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8);
            case FLOAT32, FLOAT16, FLOAT64 -> throw new AssertionError(t);
        };
    }

    /** Writes an integer, which wraps around; a bool is whether it is not 0. */
    static void integer(MemorySegment m, DType t, long i, long v) {
        switch (t) {
            case INT8, UINT8 -> m.set(ValueLayout.JAVA_BYTE, i, (byte) v);
            case BOOL -> m.set(ValueLayout.JAVA_BYTE, i, (byte) (v != 0 ? 1 : 0));
            case INT16, UINT16 -> m.set(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2, (short) v);
            case INT32, UINT32 -> m.set(ValueLayout.JAVA_INT_UNALIGNED, i * 4, (int) v);
            case INT64, UINT64 -> m.set(ValueLayout.JAVA_LONG_UNALIGNED, i * 8, v);
            case FLOAT32, FLOAT16, FLOAT64 -> throw new AssertionError(t);
        }
    }

    /** An element of any type; 64-bit integers are rounded. */
    static double real(MemorySegment m, DType t, long i) {
        return switch (t) {
            case FLOAT32 -> m.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4);
            case FLOAT16 -> Float.float16ToFloat(m.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2));
            case FLOAT64 -> m.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8);
            default -> real(integer(m, t, i), t);
        };
    }

    /** An integer as {@link #integer(MemorySegment, DType, long)} gives it, rounded once. */
    static double real(long v, DType t) {
        // Half of a large one keeps the lowest bit in the next, so that the double is not rounded twice.
        return t == DType.UINT64 && v < 0 ? 2.0 * (v >>> 1 | v & 1) : v;
    }

    /** Writes a number with one rounding; integer types take {@link #truncate}. */
    static void real(MemorySegment m, DType t, long i, double v) {
        switch (t) {
            case FLOAT32 -> m.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4, (float) v);
            case FLOAT16 -> m.set(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2, half(v));
            case FLOAT64 -> m.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8, v);
            default -> integer(m, t, i, truncate(v, t));
        }
    }

    /** Towards zero and then to the nearest end of the type's range; NaN is 0. A bool is whether it is not 0. */
    static long truncate(double v, DType t) {
        return switch (t) {
            case BOOL -> v != 0 ? 1 : 0;
            case INT64 -> (long) v;
            case UINT64 -> !(v >= 0x1p63) ? Math.max(0, (long) v) : v < 0x1p64 ? (long) (v - 0x1p63) | Long.MIN_VALUE : -1;
            case UINT32 -> Math.clamp((long) v, 0, 0xffffffffL);
            default -> Math.clamp((long) v, t.min(), t.max());
        };
    }

    /** The nearest float16: a float32 whose last bit stands for all that follows it ("round to odd") rounds like the double. */
    private static short half(double v) {
        float f = (float) v;
        if (f == v || Double.isNaN(v)) {
            return Float.floatToFloat16(f);
        }
        int bits = Float.floatToRawIntBits(f);
        int towardsZero = Math.abs((double) f) > Math.abs(v) ? bits - 1 : bits;
        return Float.floatToFloat16(Float.intBitsToFloat(towardsZero | 1));
    }

    /** Negative, 0 or positive; zeros of either sign are equal, and NaN equals itself and is above all numbers. */
    static int compare(MemorySegment a, long i, MemorySegment b, long j, DType t) {
        if (t.isFloat()) {
            double p = real(a, t, i);
            double q = real(b, t, j);
            return p < q ? -1 : p > q ? 1 : p == q ? 0 : Boolean.compare(Double.isNaN(p), Double.isNaN(q));
        }
        return t.isUnsigned() ? Long.compareUnsigned(integer(a, t, i), integer(b, t, j)) : Long.compare(integer(a, t, i), integer(b, t, j));
    }
}
