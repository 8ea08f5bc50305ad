package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.tensor.TensorType;

/** Elements as their bytes, for kernels to which a type is a size. */
final class RawElements {
    private RawElements() {
    }

    /** True when the types hold the same bytes for the same numbers. */
    static boolean alike(TensorType a, TensorType b) {
        return a.dtype() == b.dtype() && a.quant().equals(b.quant());
    }

    /** The nearest element of a type to a real number, as it lies in memory, in the lowest bytes. */
    static long bits(TensorType t, float real) {
        return switch (t.dtype()) {
            case FLOAT32 -> Float.floatToRawIntBits(real);
            case FLOAT16 -> Float.floatToFloat16(real);
            case FLOAT64 -> Double.doubleToRawLongBits(real);
            case BOOL -> real == 0 ? 0 : 1;
            case INT8, UINT8 -> t.isQuantized8()
                    ? (long) Math.clamp(Math.rint(real / (double) t.quant().scale()) + t.quant().zeroPoint(),
                            t.dtype().min(), t.dtype().max())
                    : (long) real;
            default -> (long) real;
        };
    }

    /** The bytes of element {@code i}, zero-extended. */
    static long get(MemorySegment m, long i, int bytes) {
        return switch (bytes) {
            case 1 -> m.get(ValueLayout.JAVA_BYTE, i) & 0xffL;
            case 2 -> m.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2) & 0xffffL;
            case 4 -> m.get(ValueLayout.JAVA_INT_UNALIGNED, i * 4) & 0xffffffffL;
            default -> m.get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8);
        };
    }

    /** Stores the lowest bytes of {@code bits}. */
    static void put(MemorySegment m, long i, long bits, int bytes) {
        switch (bytes) {
            case 1 -> m.set(ValueLayout.JAVA_BYTE, i, (byte) bits);
            case 2 -> m.set(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2, (short) bits);
            case 4 -> m.set(ValueLayout.JAVA_INT_UNALIGNED, i * 4, (int) bits);
            default -> m.set(ValueLayout.JAVA_LONG_UNALIGNED, i * 8, bits);
        }
    }

    /** Copies {@code count} elements. */
    static void copy(MemorySegment from, long i, MemorySegment to, long j, long count, int bytes) {
        MemorySegment.copy(from, i * bytes, to, j * bytes, count * bytes);
    }
}
