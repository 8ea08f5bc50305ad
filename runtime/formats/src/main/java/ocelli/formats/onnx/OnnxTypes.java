package ocelli.formats.onnx;

import ocelli.core.tensor.DType;
import ocelli.formats.NotSupported;

/** Element types by the schema's numbers. */
final class OnnxTypes {
    private static final String[] OTHERS = {"bfloat16", "float8e4m3fn", "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "uint4", "int4",
        "float4e2m1", "float8e8m0"};

    private OnnxTypes() {
    }

    /**
     * The core type.
     *
     * @throws NotSupported             when core has no such type
     * @throws IllegalArgumentException when ONNX has none
     */
    static DType dtype(int code) {
        return switch (code) {
            case 1 -> DType.FLOAT32;
            case 2 -> DType.UINT8;
            case 3 -> DType.INT8;
            case 4 -> DType.UINT16;
            case 5 -> DType.INT16;
            case 6 -> DType.INT32;
            case 7 -> DType.INT64;
            case 9 -> DType.BOOL;
            case 10 -> DType.FLOAT16;
            case 11 -> DType.FLOAT64;
            case 12 -> DType.UINT32;
            case 13 -> DType.UINT64;
            case 8 -> throw unsupported("string");
            case 14 -> throw unsupported("complex64");
            case 15 -> throw unsupported("complex128");
            default -> {
                if (code >= 16 && code < 16 + OTHERS.length) {
                    throw unsupported(OTHERS[code - 16]);
                }
                throw new IllegalArgumentException("element type is " + code + ", wanted one of ONNX's 1…" + (15 + OTHERS.length));
            }
        };
    }

    private static NotSupported unsupported(String name) {
        return new NotSupported("element type " + name + ", wanted float16/32/64, int8/16/32/64, uint8/16/32/64 or bool");
    }
}
