package ocelli.formats.onnx;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import ocelli.formats.onnx.OnnxSchema.TensorMessage;

/**
 * Tensors of the file as constants. Raw elements, and float lists that are packed in one piece, alias the file; other lists are
 * decoded into memory of their own.
 */
final class OnnxTensors {
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** ONNX has no limit; no image network comes near. */
    private static final int MOST_DIMENSIONS = 16;

    private final String path;
    private final MemorySegment file;
    private final ExternalData external;

    OnnxTensors(String path, MemorySegment file, ExternalData external) {
        this.path = path;
        this.file = file;
        this.external = external;
    }

    /**
     * The tensor as a constant of this name.
     *
     * @throws ocelli.formats.NotSupported when core has no such element type
     * @throws IllegalArgumentException    when the elements do not fit the type
     */
    Value constant(TensorMessage t, String name) {
        DType dtype = OnnxTypes.dtype(t.dataType());
        TensorType type = TensorType.of(dtype, dims(t.dims()));
        if (t.isExternal()) {
            return Value.constant(name, type, external.slice(t.external(), type.bytes()));
        }
        if (t.raw() != null) {
            if (t.raw().byteSize() != type.bytes()) {
                throw new IllegalArgumentException("type " + type + " needs " + type.bytes() + " bytes, the raw data has "
                        + t.raw().byteSize());
            }
            return Value.constant(name, type, t.raw());
        }
        return Value.constant(name, type, decode(t, type));
    }

    private static int[] dims(long[] dims) {
        if (dims.length > MOST_DIMENSIONS || Arrays.stream(dims).anyMatch(d -> d < 0 || d > Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("shape is " + Arrays.toString(dims) + ", wanted at most " + MOST_DIMENSIONS
                    + " dimensions of 0…" + Integer.MAX_VALUE);
        }
        return Arrays.stream(dims).mapToInt(d -> (int) d).toArray();
    }

    /** The field that holds elements of a type. */
    private static int field(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> 4;
            case INT8, UINT8, INT16, UINT16, INT32, BOOL, FLOAT16 -> 5;
            case INT64 -> 7;
            case FLOAT64 -> 10;
            case UINT32, UINT64 -> 11;
        };
    }

    private MemorySegment decode(TensorMessage t, TensorType type) {
        int field = field(type.dtype());
        // Each element takes a byte of the file at least, so this is checked before memory is taken.
        if (type.shape().elements() > t.message().byteSize()) {
            throw new IllegalArgumentException("type " + type + " has more elements than its message has bytes, " + t.message().byteSize());
        }
        ProtoReader in = new ProtoReader(path, file, t.at(), t.at() + t.message().byteSize());
        Sink sink = new Sink(type);
        while (in.next()) {
            if (in.field() != field) {
                in.skip();
            } else if (type.dtype() == DType.FLOAT32 || type.dtype() == DType.FLOAT64) {
                if (in.isDelimited()) {
                    MemorySegment packed = in.bytes();
                    if (sink.size == 0 && packed.byteSize() == type.bytes()) {
                        return packed;
                    }
                    sink.add(packed);
                } else if (type.dtype() == DType.FLOAT32) {
                    sink.add(Float.floatToRawIntBits(in.float32()));
                } else {
                    sink.add(Double.doubleToRawLongBits(in.float64()));
                }
            } else if (in.isDelimited()) {
                in.packed(sink::add);
            } else {
                sink.add(in.number());
            }
        }
        return sink.full();
    }

    /** Takes elements one by one, never more than fit. */
    private static final class Sink {
        private final TensorType type;
        private final MemorySegment memory;
        private long size;

        Sink(TensorType type) {
            this.type = type;
            this.memory = OnnxBuilder.allocate(type);
        }

        void add(long bits) {
            int bytes = type.dtype().bytes();
            if (size + bytes > memory.byteSize()) {
                throw tooMany();
            }
            switch (bytes) {
                case 1 -> memory.set(ValueLayout.JAVA_BYTE, size, (byte) bits);
                case 2 -> memory.set(I16, size, (short) bits);
                case 4 -> memory.set(I32, size, (int) bits);
                default -> memory.set(I64, size, bits);
            }
            size += bytes;
        }

        void add(MemorySegment elements) {
            if (elements.byteSize() > memory.byteSize() - size) {
                throw tooMany();
            }
            MemorySegment.copy(elements, 0, memory, size, elements.byteSize());
            size += elements.byteSize();
        }

        private IllegalArgumentException tooMany() {
            return new IllegalArgumentException("type " + type + " has " + type.shape().elements() + " elements, the data has more");
        }

        MemorySegment full() {
            if (size != memory.byteSize()) {
                throw new IllegalArgumentException("type " + type + " needs " + memory.byteSize() + " bytes, the data has " + size);
            }
            return memory;
        }
    }

    /** The same elements as float32, for half precision models. */
    static Value widened(Value half) {
        Shape shape = half.type().shape();
        TensorType type = new TensorType(DType.FLOAT32, shape, half.type().quant());
        MemorySegment from = half.data().orElseThrow();
        MemorySegment to = OnnxBuilder.allocate(type);
        for (long i = 0; i < shape.elements(); i++) {
            to.set(ValueLayout.JAVA_FLOAT, i * 4, Float.float16ToFloat(from.get(I16, i * 2)));
        }
        return Value.constant(half.name(), type, to);
    }
}
