package ocelli.core.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A named view of memory: an input or output of a session, or a constant. It does not own the memory; a view of a
 * session's arena is valid until the session is closed. Dense, row-major, little-endian.
 */
public record Tensor(String name, TensorType type, MemorySegment data) {

    /** @throws IllegalArgumentException when the memory does not have exactly the bytes of the type */
    public Tensor {
        if (data.byteSize() != type.bytes()) {
            throw new IllegalArgumentException("tensor " + name + " of type " + type + " needs " + type.bytes()
                    + " bytes, the memory has " + data.byteSize());
        }
    }

    /** Element {@code i} in row-major order, without dequantisation; int64 is narrowed, uint64 read as int64. */
    public double get(long i) {
        return switch (type.dtype()) {
            case FLOAT32 -> data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4);
            case FLOAT64 -> data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8);
            case FLOAT16 -> Float.float16ToFloat(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2));
            case INT8 -> data.get(ValueLayout.JAVA_BYTE, i);
            case UINT8, BOOL -> data.get(ValueLayout.JAVA_BYTE, i) & 0xff;
            case INT16 -> data.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2);
            case UINT16 -> data.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2) & 0xffff;
            case INT32 -> data.get(ValueLayout.JAVA_INT_UNALIGNED, i * 4);
            case UINT32 -> data.get(ValueLayout.JAVA_INT_UNALIGNED, i * 4) & 0xffffffffL;
            case INT64, UINT64 -> data.get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8);
        };
    }

    /** Element {@code i} as a real number: dequantised when the tensor is quantised per tensor. */
    public double real(long i) {
        double v = get(i);
        return type.isQuantized8() ? (v - type.quant().zeroPoint()) * type.quant().scale() : v;
    }
}
