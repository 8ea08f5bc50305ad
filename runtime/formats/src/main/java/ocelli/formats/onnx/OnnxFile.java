package ocelli.formats.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** An ONNX file under construction: nodes, initialisers, inputs and outputs by name. Not thread-safe. */
final class OnnxFile {
    /** What a message holds; the numbers before the values are the fields of the format. */
    private interface Message {
        void write(CodedOutputStream out) throws IOException;
    }

    private final List<byte[]> nodes = new ArrayList<>();
    private final List<byte[]> initializers = new ArrayList<>();
    private final List<byte[]> inputs = new ArrayList<>();
    private final List<byte[]> outputs = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /** A name that no other tensor of the file has, as close to the wanted one as can be. */
    String unique(String wanted) {
        String base = wanted.isEmpty() ? "t" : wanted;
        String name = base;
        for (int i = 1; !names.add(name); i++) {
            name = base + "_" + i;
        }
        return name;
    }

    /**
     * Adds a node.
     *
     * @param inputs     names; an empty one stands for an absent optional input
     * @param attributes values: Long, Integer, Float, String, long[] or List of numbers
     */
    void node(String op, List<String> inputs, List<String> outputs, Map<String, Object> attributes) {
        nodes.add(message(out -> {
            for (String in : inputs) {
                out.writeString(1, in);
            }
            for (String o : outputs) {
                out.writeString(2, o);
            }
            out.writeString(3, outputs.getFirst() + "/" + op);
            out.writeString(4, op);
            for (Map.Entry<String, Object> a : new TreeMap<>(attributes).entrySet()) {
                out.writeByteArray(5, attribute(a.getKey(), a.getValue()));
            }
        }));
    }

    private static byte[] attribute(String name, Object value) {
        return message(out -> {
            out.writeString(1, name);
            switch (value) {
                case Float f -> {
                    out.writeFloat(2, f);
                    out.writeInt32(20, 1);
                }
                case Number n -> {
                    out.writeInt64(3, n.longValue());
                    out.writeInt32(20, 2);
                }
                case String s -> {
                    out.writeBytes(4, ByteString.copyFrom(s, StandardCharsets.UTF_8));
                    out.writeInt32(20, 3);
                }
                case List<?> list -> {
                    for (Object o : list) {
                        out.writeInt64(8, ((Number) o).longValue());
                    }
                    out.writeInt32(20, 7);
                }
                default -> throw new IllegalArgumentException("attribute " + name + " is a " + value.getClass().getSimpleName());
            }
        });
    }

    /** Adds a constant; {@code data} is dense, row-major and little-endian. */
    String initializer(String wanted, TensorType type, MemorySegment data) {
        String name = unique(wanted);
        initializers.add(message(out -> {
            for (int d : type.shape().toArray()) {
                out.writeInt64(1, d);
            }
            out.writeInt32(2, code(type.dtype()));
            out.writeString(8, name);
            out.writeByteArray(9, data.toArray(ValueLayout.JAVA_BYTE));
        }));
        return name;
    }

    /** Adds a vector of int64. */
    String ints(String wanted, List<? extends Number> values) {
        ByteBuffer b = ByteBuffer.allocate(8 * values.size()).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(v -> b.putLong(v.longValue()));
        return initializer(wanted, TensorType.of(DType.INT64, values.size()), MemorySegment.ofArray(b.array()));
    }

    /** Adds a vector of float32. */
    String floats(String wanted, float... values) {
        return initializer(wanted, TensorType.of(DType.FLOAT32, values.length), bytes(values));
    }

    /** Adds a float32 scalar. */
    String scalar(String wanted, float value) {
        return initializer(wanted, TensorType.of(DType.FLOAT32), bytes(value));
    }

    private static MemorySegment bytes(float... values) {
        ByteBuffer b = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        b.asFloatBuffer().put(values);
        return MemorySegment.ofArray(b.array());
    }

    void input(String name, TensorType type) {
        inputs.add(valueInfo(name, type));
    }

    void output(String name, TensorType type) {
        outputs.add(valueInfo(name, type));
    }

    private static byte[] valueInfo(String name, TensorType type) {
        byte[] shape = message(out -> {
            for (int d : type.shape().toArray()) {
                out.writeByteArray(1, message(dim -> dim.writeInt64(1, d)));
            }
        });
        byte[] tensor = message(out -> {
            out.writeInt32(1, code(type.dtype()));
            out.writeByteArray(2, shape);
        });
        return message(out -> {
            out.writeString(1, name);
            out.writeByteArray(2, message(t -> t.writeByteArray(1, tensor)));
        });
    }

    /** The whole file. */
    byte[] bytes(String graphName, int irVersion, int opset) {
        byte[] graph = message(out -> {
            for (byte[] n : nodes) {
                out.writeByteArray(1, n);
            }
            out.writeString(2, graphName);
            for (byte[] i : initializers) {
                out.writeByteArray(5, i);
            }
            for (byte[] i : inputs) {
                out.writeByteArray(11, i);
            }
            for (byte[] o : outputs) {
                out.writeByteArray(12, o);
            }
        });
        return message(out -> {
            out.writeInt64(1, irVersion);
            out.writeString(2, "ocelli");
            out.writeByteArray(7, graph);
            out.writeByteArray(8, message(set -> {
                set.writeString(1, "");
                set.writeInt64(2, opset);
            }));
        });
    }

    private static byte[] message(Message content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            content.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /** The format's number of an element type. */
    static int code(DType t) {
        return switch (t) {
            case FLOAT32 -> 1;
            case UINT8 -> 2;
            case INT8 -> 3;
            case UINT16 -> 4;
            case INT16 -> 5;
            case INT32 -> 6;
            case INT64 -> 7;
            case BOOL -> 9;
            case FLOAT16 -> 10;
            case FLOAT64 -> 11;
            case UINT32 -> 12;
            case UINT64 -> 13;
        };
    }
}
