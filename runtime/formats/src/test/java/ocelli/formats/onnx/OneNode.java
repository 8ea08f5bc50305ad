package ocelli.formats.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import ocelli.core.graph.Graph;
import ocelli.core.model.ReadOptions;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;

/**
 * A file of one ONNX node, written by hand, read by the reader and run on the reference kernels. The numbers of fields and types
 * are those of ONNX's published schema.
 */
final class OneNode {
    private static final List<DType> CODES = Arrays.asList(null, DType.FLOAT32, DType.UINT8, DType.INT8, DType.UINT16, DType.INT16,
            DType.INT32, DType.INT64, null, DType.BOOL, DType.FLOAT16, DType.FLOAT64, DType.UINT32, DType.UINT64);

    private final String op;
    private final int opset;
    private final Map<String, Object> attributes = new LinkedHashMap<>();
    private final List<String> names = new ArrayList<>();
    private final List<Tensor> fed = new ArrayList<>();
    private final List<Tensor> fixed = new ArrayList<>();
    private int outputs = 1;

    /** @param op the operator, that of another domain as {@code domain.name} */
    OneNode(String op, int opset) {
        this.op = op;
        this.opset = opset;
    }

    static int[] dims(int... dims) {
        return dims;
    }

    /** Numbers of a list with commas. */
    static double[] numbers(String list) {
        return list == null || list.isBlank() ? new double[0] : Arrays.stream(list.split(",")).map(String::strip)
                .mapToDouble(Double::parseDouble).toArray();
    }

    static int[] intList(String list) {
        return Arrays.stream(numbers(list)).mapToInt(v -> (int) v).toArray();
    }

    static Tensor longs(long... values) {
        MemorySegment data = Arena.ofAuto().allocate(8L * values.length, 64);
        MemorySegment.copy(values, 0, data, ValueLayout.JAVA_LONG, 0, values.length);
        return new Tensor("", TensorType.of(DType.INT64, values.length), data);
    }

    private static MemorySegment allocate(TensorType type) {
        return Arena.ofAuto().allocate(Math.max(type.bytes(), 1), 64).asSlice(0, type.bytes());
    }

    static Tensor tensor(DType dtype, int[] dims, double... values) {
        TensorType type = TensorType.of(dtype, dims);
        assertEquals(type.shape().elements(), values.length, "numbers for " + type);
        MemorySegment data = allocate(type);
        for (int i = 0; i < values.length; i++) {
            switch (dtype) {
                case FLOAT32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
                case FLOAT64 -> data.setAtIndex(ValueLayout.JAVA_DOUBLE, i, values[i]);
                case FLOAT16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16((float) values[i]));
                case INT8, UINT8, BOOL -> data.set(ValueLayout.JAVA_BYTE, i, (byte) (int) values[i]);
                case INT16, UINT16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (int) values[i]);
                case INT32, UINT32 -> data.setAtIndex(ValueLayout.JAVA_INT, i, (int) (long) values[i]);
                case INT64, UINT64 -> data.setAtIndex(ValueLayout.JAVA_LONG, i, (long) values[i]);
            }
        }
        return new Tensor("", type, data);
    }

    /** An input of the graph, with the value that it gets when the graph runs. */
    OneNode feed(Tensor t) {
        String name = "in" + names.size();
        fed.add(new Tensor(name, t.type(), t.data()));
        names.add(name);
        return this;
    }

    /** A constant of the file. */
    OneNode fix(Tensor t) {
        String name = "in" + names.size();
        fixed.add(new Tensor(name, t.type(), t.data()));
        names.add(name);
        return this;
    }

    /** An optional input that is left out. */
    OneNode absent() {
        names.add("");
        return this;
    }

    /** An Integer, a Float, a String, a Tensor, an array of long or of float. */
    OneNode attribute(String name, Object value) {
        attributes.put(name, value);
        return this;
    }

    OneNode outputs(int n) {
        outputs = n;
        return this;
    }

    /** What the reader makes of the file. */
    Graph graph() {
        byte[] bytes = file();
        MemorySegment file = Arena.ofAuto().allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes));
        try {
            return new OnnxReader().read(Path.of("one-node.onnx"), file, ReadOptions.NONE).graph();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The node's outputs, copied. */
    List<Tensor> run() {
        SessionOptions reference = new SessionOptions(List.of(new ReferenceProvider()), 1, Optional.empty());
        try (Session session = Session.open(graph(), reference)) {
            for (Tensor t : fed) {
                session.inputs().stream().filter(in -> in.name().equals(t.name())).findFirst().orElseThrow().data().copyFrom(t.data());
            }
            session.run();
            return session.outputs().stream().map(t -> new Tensor(t.name(), t.type(), allocate(t.type()).copyFrom(t.data()))).toList();
        }
    }

    /** The first output is this. */
    void gives(DType dtype, int[] dims, double... values) {
        check(run().getFirst(), dtype, dims, values);
    }

    static void check(Tensor found, DType dtype, int[] dims, double... values) {
        assertEquals(TensorType.of(dtype, dims), found.type());
        assertEquals(found.type().shape().elements(), values.length, "numbers for " + found.type());
        double tolerance = dtype.isFloat() ? 2e-6 : 0;
        for (int i = 0; i < values.length; i++) {
            double difference = found.get(i) == values[i] ? 0 : Math.abs(found.get(i) - values[i]);
            int at = i;
            assertTrue(difference <= tolerance * Math.max(1, Math.abs(values[i])),
                    () -> "element " + at + " is " + found.get(at) + ", wanted " + Arrays.toString(values));
        }
    }

    /** The reader refuses the file and says why. */
    void fails(Class<? extends Exception> type, String part) {
        String message = assertThrows(type, this::graph).getMessage();
        assertTrue(message.contains(part), () -> "message is \"" + message + "\", wanted \"" + part + "\" in it");
    }

    private byte[] file() {
        return message(model -> {
            model.writeInt64(1, 8);
            model.writeByteArray(7, message(this::graph));
            model.writeByteArray(8, message(o -> o.writeInt64(2, opset)));
        });
    }

    private void graph(CodedOutputStream graph) throws IOException {
        graph.writeByteArray(1, message(this::node));
        graph.writeString(2, "one node");
        for (Tensor t : fixed) {
            graph.writeByteArray(5, message(o -> write(o, t)));
        }
        for (Tensor t : fed) {
            graph.writeByteArray(11, message(o -> {
                o.writeString(1, t.name());
                o.writeByteArray(2, message(type -> type.writeByteArray(1, message(tensor -> {
                    tensor.writeInt32(1, CODES.indexOf(t.type().dtype()));
                    tensor.writeByteArray(2, message(shape -> {
                        for (int d : t.type().shape().toArray()) {
                            shape.writeByteArray(1, message(dim -> dim.writeInt64(1, d)));
                        }
                    }));
                }))));
            }));
        }
        for (String out : outputNames()) {
            graph.writeByteArray(12, message(o -> o.writeString(1, out)));
        }
    }

    private List<String> outputNames() {
        return IntStream.range(0, outputs).mapToObj(i -> "out" + i).toList();
    }

    private void node(CodedOutputStream node) throws IOException {
        for (String name : names) {
            node.writeString(1, name);
        }
        for (String name : outputNames()) {
            node.writeString(2, name);
        }
        int dot = op.lastIndexOf('.');
        node.writeString(4, op.substring(dot + 1));
        if (dot > 0) {
            node.writeString(7, op.substring(0, dot));
        }
        for (Map.Entry<String, Object> a : attributes.entrySet()) {
            node.writeByteArray(5, message(o -> attribute(o, a.getKey(), a.getValue())));
        }
    }

    private static void attribute(CodedOutputStream o, String name, Object value) throws IOException {
        o.writeString(1, name);
        switch (value) {
            case Float f -> o.writeFloat(2, f);
            case Integer i -> o.writeInt64(3, i);
            case String s -> o.writeBytes(4, ByteString.copyFromUtf8(s));
            case Tensor t -> o.writeByteArray(5, message(m -> write(m, t)));
            case float[] floats -> {
                for (float f : floats) {
                    o.writeFloat(7, f);
                }
            }
            case long[] ints -> {
                for (long i : ints) {
                    o.writeInt64(8, i);
                }
            }
            default -> throw new IllegalArgumentException("attribute " + name + " is " + value);
        }
        o.writeInt32(20, switch (value) {
            case Float _ -> 1;
            case Integer _ -> 2;
            case String _ -> 3;
            case Tensor _ -> 4;
            case float[] _ -> 6;
            default -> 7;
        });
    }

    private static void write(CodedOutputStream o, Tensor t) throws IOException {
        for (int d : t.type().shape().toArray()) {
            o.writeInt64(1, d);
        }
        o.writeInt32(2, CODES.indexOf(t.type().dtype()));
        o.writeString(8, t.name());
        o.writeByteArray(9, t.data().toArray(ValueLayout.JAVA_BYTE));
    }

    private interface Fields {
        void write(CodedOutputStream o) throws IOException;
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
