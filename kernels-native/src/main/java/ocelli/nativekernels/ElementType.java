package ocelli.nativekernels;

import java.util.Optional;
import ocelli.core.tensor.DType;

/** Element types of kernels that take several, in the order of {@code ElementType} in kernels.h. */
enum ElementType {
    INT8, UINT8, BOOL, INT32, INT64, FLOAT32;

    /** That of a tensor's elements, whatever their quantisation, if there are kernels for it. */
    static Optional<ElementType> of(DType type) {
        return switch (type) {
            case INT8 -> Optional.of(INT8);
            case UINT8 -> Optional.of(UINT8);
            case BOOL -> Optional.of(BOOL);
            case INT32 -> Optional.of(INT32);
            case INT64 -> Optional.of(INT64);
            case FLOAT32 -> Optional.of(FLOAT32);
            case INT16, UINT16, UINT32, UINT64, FLOAT16, FLOAT64 -> Optional.empty();
        };
    }
}
