package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.ScatterElements.Reduction;
import ocelli.core.tensor.DType;

/** What an update of a scatter does to the element that it meets. Integers wrap around; a NaN stays. */
record ScatterUpdate(Reduction reduction, DType type) {
    /** Element {@code to} of {@code y} meets element {@code from} of the updates. */
    void apply(MemorySegment y, long to, MemorySegment updates, long from) {
        long update = RawElements.get(updates, from, type.bytes());
        if (reduction == Reduction.NONE) {
            RawElements.put(y, to, update, type.bytes());
        } else {
            long old = RawElements.get(y, to, type.bytes());
            long met = type.isFloat() ? bits(reals(real(old), real(update))) : integers(integer(old), integer(update));
            RawElements.put(y, to, met, type.bytes());
        }
    }

    private double reals(double a, double b) {
        return switch (reduction) {
            case ADD -> a + b;
            case MUL -> a * b;
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            case NONE -> b;
        };
    }

    private long integers(long a, long b) {
        boolean less = type == DType.UINT64 ? Long.compareUnsigned(a, b) < 0 : a < b;
        return switch (reduction) {
            case ADD -> a + b;
            case MUL -> a * b;
            case MIN -> less ? a : b;
            case MAX -> less ? b : a;
            case NONE -> b;
        };
    }

    /** Zero-extended bytes as a number. */
    private long integer(long bits) {
        int unused = 64 - 8 * type.bytes();
        return type.isUnsigned() ? bits : bits << unused >> unused;
    }

    private double real(long bits) {
        return switch (type) {
            case FLOAT32 -> Float.intBitsToFloat((int) bits);
            case FLOAT16 -> Float.float16ToFloat((short) bits);
            default -> Double.longBitsToDouble(bits);
        };
    }

    private long bits(double v) {
        return switch (type) {
            case FLOAT32 -> Float.floatToRawIntBits((float) v);
            case FLOAT16 -> Float.floatToFloat16((float) v);
            default -> Double.doubleToRawLongBits(v);
        };
    }
}
