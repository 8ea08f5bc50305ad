package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.tensor.DType;

/** Element access that works at any alignment, for constants may lie anywhere in a mapped file. */
final class Memory {
    private Memory() {
    }

    static float f32(MemorySegment m, long i) {
        return m.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4);
    }

    static void f32(MemorySegment m, long i, float v) {
        m.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4, v);
    }

    static int i32(MemorySegment m, long i) {
        return m.get(ValueLayout.JAVA_INT_UNALIGNED, i * 4);
    }

    static void i32(MemorySegment m, long i, int v) {
        m.set(ValueLayout.JAVA_INT_UNALIGNED, i * 4, v);
    }

    /** An 8-bit element as an int, sign- or zero-extended. */
    static int q8(MemorySegment m, boolean signed, long i) {
        byte b = m.get(ValueLayout.JAVA_BYTE, i);
        return signed ? b : b & 0xff;
    }

    static void q8(MemorySegment m, long i, int v) {
        m.set(ValueLayout.JAVA_BYTE, i, (byte) v);
    }

    static boolean signed(DType t) {
        return t == DType.INT8;
    }
}
