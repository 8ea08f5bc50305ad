package ocelli.conformance;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;

/** Reads a tensor of the conformance data: one TensorProto message. Its own small parser, so that it judges the reader too. */
final class TensorFile {
    private final ByteBuffer in;
    private final List<Integer> dims = new ArrayList<>();
    private final List<Number> values = new ArrayList<>();
    private int dataType;
    private String name = "";
    private byte[] raw;

    private TensorFile(byte[] bytes) {
        in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** @throws IllegalArgumentException for something else than a tensor of numbers */
    static Tensor read(Path file) throws IOException {
        TensorFile t = new TensorFile(Files.readAllBytes(file));
        try {
            t.parse();
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException(file + " is no tensor", e);
        }
        return t.tensor();
    }

    private void parse() {
        while (in.hasRemaining()) {
            int tag = (int) varint();
            int field = tag >>> 3;
            switch (tag & 7) {
                case 0 -> number(field, varint());
                case 1 -> values.add(in.getDouble());
                case 5 -> values.add(in.getFloat());
                case 2 -> {
                    byte[] bytes = new byte[(int) varint()];
                    in.get(bytes);
                    bytes(field, bytes);
                }
                default -> throw new IllegalArgumentException("wire type " + (tag & 7));
            }
        }
    }

    private void number(int field, long v) {
        switch (field) {
            case 1 -> dims.add((int) v);
            case 2 -> dataType = (int) v;
            case 5, 7, 11 -> values.add(v);
            default -> {
            }
        }
    }

    private void bytes(int field, byte[] bytes) {
        TensorFile packed = new TensorFile(bytes);
        switch (field) {
            case 1 -> {
                while (packed.in.hasRemaining()) {
                    dims.add((int) packed.varint());
                }
            }
            case 4 -> {
                while (packed.in.hasRemaining()) {
                    values.add(packed.in.getFloat());
                }
            }
            case 5, 7, 11 -> {
                while (packed.in.hasRemaining()) {
                    values.add(packed.varint());
                }
            }
            case 10 -> {
                while (packed.in.hasRemaining()) {
                    values.add(packed.in.getDouble());
                }
            }
            case 8 -> name = new String(bytes, StandardCharsets.UTF_8);
            case 9 -> raw = bytes;
            default -> {
            }
        }
    }

    private long varint() {
        return Wire.varint(in);
    }

    private Tensor tensor() {
        DType dtype = switch (dataType) {
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
            default -> throw new IllegalArgumentException("data type " + dataType);
        };
        TensorType type = TensorType.of(dtype, dims.stream().mapToInt(Integer::intValue).toArray());
        if (raw == null) {
            ByteBuffer b = ByteBuffer.allocate((int) type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            for (Number v : values) {
                switch (dtype) {
                    case FLOAT32 -> b.putFloat(v.floatValue());
                    case FLOAT64 -> b.putDouble(v.doubleValue());
                    default -> {
                        switch (dtype.bytes()) {
                            case 1 -> b.put(v.byteValue());
                            case 2 -> b.putShort(v.shortValue());
                            case 4 -> b.putInt(v.intValue());
                            default -> b.putLong(v.longValue());
                        }
                    }
                }
            }
            raw = b.array();
        }
        return new Tensor(name, type, MemorySegment.ofArray(raw));
    }
}
