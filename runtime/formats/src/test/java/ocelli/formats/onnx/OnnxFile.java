package ocelli.formats.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ocelli.core.graph.Graph;
import ocelli.core.model.Model;
import ocelli.core.model.ReadOptions;

/** Writes ONNX files by hand. The numbers of fields and types are those of ONNX's published schema. */
final class OnnxFile {
    static final Path PATH = Path.of("hand-built.onnx");
    static final int F32 = 1;
    static final int U8 = 2;
    static final int I8 = 3;
    static final int I32 = 6;
    static final int I64 = 7;
    static final int F16 = 10;

    private final ProtoNode root = new ProtoNode();
    private final ProtoNode graph = new ProtoNode();
    private int nodes;

    OnnxFile(int opset) {
        root.add(1, 8L).add(2, "hand").add(8, new ProtoNode().add(2, (long) opset)).add(7, graph);
        graph.add(2, "hand-built");
    }

    /** Another domain's operators. */
    OnnxFile domain(String name, int version) {
        root.add(8, new ProtoNode().add(1, name).add(2, (long) version));
        return this;
    }

    OnnxFile metadata(String key, String value) {
        root.add(14, new ProtoNode().add(1, key).add(2, value));
        return this;
    }

    /** @param dims an Integer for a size, a String for the name of an open one */
    OnnxFile input(String name, int type, Object... dims) {
        graph.add(11, value(name, type, dims));
        return this;
    }

    OnnxFile outputs(String... names) {
        for (String name : names) {
            graph.add(12, new ProtoNode().add(1, name));
        }
        return this;
    }

    static ProtoNode value(String name, int type, Object... dims) {
        ProtoNode shape = new ProtoNode();
        for (Object d : dims) {
            shape.add(1, d instanceof Integer size ? new ProtoNode().add(1, (long) size) : new ProtoNode().add(2, d));
        }
        return new ProtoNode().add(1, name).add(2, new ProtoNode().add(1, new ProtoNode().add(1, (long) type).add(2, shape)));
    }

    OnnxFile constant(ProtoNode tensor) {
        graph.add(5, tensor);
        return this;
    }

    OnnxFile floats(String name, int[] dims, float... values) {
        ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return constant(tensor(name, F32, dims).add(9, raw.array()));
    }

    OnnxFile longs(String name, long... values) {
        ByteBuffer raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asLongBuffer().put(values);
        return constant(tensor(name, I64, values.length).add(9, raw.array()));
    }

    OnnxFile bytes(String name, int type, int[] dims, int... values) {
        byte[] raw = new byte[values.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) values[i];
        }
        return constant(tensor(name, type, dims).add(9, raw));
    }

    static ProtoNode tensor(String name, int type, int... dims) {
        ProtoNode t = new ProtoNode();
        for (int d : dims) {
            t.add(1, (long) d);
        }
        return t.add(2, (long) type).add(8, name);
    }

    /** @param attributes names and values in turn: Long, Float, String, long[], float[] or a tensor */
    OnnxFile node(String op, String inputs, String outputs, Object... attributes) {
        return nodeOf("", op, inputs, outputs, attributes);
    }

    /** A node of another domain. */
    OnnxFile nodeOf(String domain, String op, String inputs, String outputs, Object... attributes) {
        ProtoNode n = new ProtoNode();
        for (String in : names(inputs)) {
            n.add(1, in);
        }
        for (String out : names(outputs)) {
            n.add(2, out);
        }
        n.add(3, "n" + nodes++).add(4, op);
        if (!domain.isEmpty()) {
            n.add(7, domain);
        }
        for (int i = 0; i < attributes.length; i += 2) {
            n.add(5, attribute((String) attributes[i], attributes[i + 1]));
        }
        graph.add(1, n);
        return this;
    }

    /** Separated by commas; nothing between two is an absent operand. */
    private static List<String> names(String list) {
        List<String> names = new ArrayList<>();
        for (String name : list.split(",", -1)) {
            names.add(name.strip());
        }
        return names;
    }

    private static ProtoNode attribute(String name, Object value) {
        ProtoNode a = new ProtoNode().add(1, name);
        return switch (value) {
            case Float f -> a.add(2, f).add(20, 1L);
            case Long i -> a.add(3, i).add(20, 2L);
            case String s -> a.add(4, s).add(20, 3L);
            case ProtoNode t -> a.add(5, t).add(20, 4L);
            case float[] f -> a.add(7, f).add(20, 6L);
            case long[] i -> a.add(8, i).add(20, 7L);
            default -> throw new IllegalArgumentException("attribute " + name + " is " + value);
        };
    }

    ProtoNode root() {
        return root;
    }

    ProtoNode graph() {
        return graph;
    }

    byte[] bytes() {
        return root.bytes();
    }

    static MemorySegment segment(byte[] bytes) {
        MemorySegment memory = Arena.ofAuto().allocate(Math.max(bytes.length, 1), 64).asSlice(0, bytes.length);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return memory.asReadOnly();
    }

    static Model read(byte[] bytes, ReadOptions options) {
        try {
            return new OnnxReader().read(PATH, segment(bytes), options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Graph read() {
        return read(ReadOptions.NONE);
    }

    Graph read(ReadOptions options) {
        return read(bytes(), options).graph();
    }
}
