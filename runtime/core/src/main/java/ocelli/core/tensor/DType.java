package ocelli.core.tensor;

/** Element types of tensors. Multi-byte elements are little-endian in files and in memory. */
public enum DType {
    FLOAT32("float32", 4), FLOAT16("float16", 2), FLOAT64("float64", 8),
    INT8("int8", 1), UINT8("uint8", 1), INT16("int16", 2), UINT16("uint16", 2), INT32("int32", 4), UINT32("uint32", 4),
    INT64("int64", 8), UINT64("uint64", 8), BOOL("bool", 1);

    private final String label;
    private final int bytes;

    DType(String label, int bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /** The NumPy name, e.g. {@code uint8}. */
    public String label() {
        return label;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** True for the two types of quantised activations, {@code int8} and {@code uint8}. */
    public boolean isQ8() {
        return this == INT8 || this == UINT8;
    }

    /** True for floating-point types. */
    public boolean isFloat() {
        return this == FLOAT32 || this == FLOAT16 || this == FLOAT64;
    }

    /** True for integers without a sign. */
    public boolean isUnsigned() {
        return this == UINT8 || this == UINT16 || this == UINT32 || this == UINT64;
    }

    /** Smallest value of an integer type. */
    public int min() {
        return switch (this) {
            case INT8 -> Byte.MIN_VALUE;
            case UINT8, UINT16, BOOL -> 0;
            case INT16 -> Short.MIN_VALUE;
            case INT32 -> Integer.MIN_VALUE;
            default -> throw new IllegalArgumentException(label + " has no int range");
        };
    }

    /** Largest value of an integer type. */
    public int max() {
        return switch (this) {
            case INT8 -> Byte.MAX_VALUE;
            case UINT8 -> 255;
            case BOOL -> 1;
            case UINT16 -> 65535;
            case INT16 -> Short.MAX_VALUE;
            case INT32 -> Integer.MAX_VALUE;
            default -> throw new IllegalArgumentException(label + " has no int range");
        };
    }
}
