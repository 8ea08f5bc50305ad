package ocelli.core;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.TensorType;

/** A graph in the making, for tests. Not thread-safe. */
public final class TestGraph {
    private final List<Value> inputs = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();

    /** A graph input. */
    public Value input(String name, TensorType type) {
        Value v = Value.of(name, type);
        inputs.add(v);
        return v;
    }

    /** A constant of zeros. */
    public Value constant(String name, TensorType type) {
        return constant(name, type, new byte[(int) type.bytes()]);
    }

    public Value constant(String name, TensorType type, byte[] data) {
        return Value.constant(name, type, MemorySegment.ofArray(data));
    }

    /** A float32 constant. */
    public Value floats(String name, int[] dims, float... elements) {
        MemorySegment data = Arena.ofAuto().allocate(elements.length * 4L, 64);
        MemorySegment.copy(elements, 0, data, ValueLayout.JAVA_FLOAT, 0, elements.length);
        return Value.constant(name, TensorType.of(DType.FLOAT32, dims), data);
    }

    /** A node whose output has the first input's element type and quantisation. */
    public Value node(String name, Op op, Value... in) {
        return node(name, op, in[0].type().dtype(), in[0].type().quant(), in);
    }

    /** A node with one output of the given element type. */
    public Value node(String name, Op op, DType dtype, Quantization quant, Value... in) {
        List<TensorType> types = List.of(in).stream().map(Value::type).toList();
        Value out = Value.of(name, new TensorType(dtype, op.outputShapes(types).get(0), quant));
        nodes.add(new Node(name, op, List.of(in), List.of(out)));
        return out;
    }

    /** A node with any outputs. */
    public TestGraph node(Node node) {
        nodes.add(node);
        return this;
    }

    public Graph outputs(Value... outputs) {
        return new Graph("test", inputs, List.of(outputs), nodes);
    }
}
