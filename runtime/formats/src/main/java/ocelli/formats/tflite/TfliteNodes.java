package ocelli.formats.tflite;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Cast;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.pass.ConstantFolder;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import ocelli.formats.NotSupported;

/**
 * The nodes of a graph while its file is read. What core has no record for becomes several nodes, and what is known already, the
 * arithmetic of shapes, none: its results are constants at once, so that the operators that take their shapes from them can be read.
 */
final class TfliteNodes {
    private static final int MOST_NODES = 1 << 17;
    private static final int MOST_DIMENSIONS = 8;
    /** Floats in the arithmetic of shapes: as many as a shape has dimensions. */
    private static final int MOST_FOLDED_FLOATS = 8;
    private static final int MOST_FOLDED_INTEGERS = 1 << 16;
    /** Bytes of the constants that mappers write themselves; what is computed from constants has the folder's budget. */
    private static final long MOST_MADE_BYTES = 1L << 26;

    private final List<Node> nodes = new ArrayList<>();
    private final TfliteTensors tensors;
    private final Set<Integer> done = new HashSet<>();
    private final ConstantFolder folder = new ConstantFolder();
    private long made;

    TfliteNodes(TfliteTensors tensors) {
        this.tensors = tensors;
    }

    List<Node> all() {
        return nodes;
    }

    /** How many nodes there are, for {@link #back}. */
    int size() {
        return nodes.size();
    }

    /** Forgets the nodes of an operator that turned out not to be supported. */
    void back(int size) {
        nodes.subList(size, nodes.size()).clear();
    }

    /** Adds a node that the file does not have; its output, or the constant that it comes to. */
    Value add(String name, Op op, TensorType like, List<Value> inputs) {
        Shape shape = op.outputShapes(inputs.stream().map(Value::type).toList()).getFirst();
        String unique = tensors.unique(name);
        Node node = new Node(unique, op, inputs, List.of(Value.of(unique, like.withShape(shape))));
        return folded(node).map(List::getFirst).orElseGet(() -> {
            keep(node);
            return node.output();
        });
    }

    /** Adds a node that makes several values that the file does not have. */
    List<Value> addAll(String name, Op op, TensorType like, List<Value> inputs) {
        List<Value> outputs = op.outputShapes(inputs.stream().map(Value::type).toList()).stream()
                .map(shape -> Value.of(tensors.unique(name), like.withShape(shape))).toList();
        Node node = new Node(outputs.getFirst().name(), op, inputs, outputs);
        return folded(node).orElseGet(() -> {
            keep(node);
            return outputs;
        });
    }

    /**
     * Adds a node that makes tensors of the file.
     *
     * @param indices the tensors
     * @param custom  whether the file leaves the shapes of the outputs to the operator
     */
    void make(String name, Op op, List<Value> inputs, int[] indices, boolean custom) {
        List<Shape> shapes = op.outputShapes(inputs.stream().map(Value::type).toList());
        List<Value> outputs = new ArrayList<>();
        for (int i = 0; i < indices.length; i++) {
            Value out = tensors.get(indices[i]);
            if (!done.add(indices[i])) {
                throw new IllegalArgumentException("makes " + out.name() + ", which exists already");
            }
            // The shape in the file is that of some other input then.
            if (i < shapes.size() && !out.isConstant() && (custom || tensors.isDynamic(indices[i]))
                    && !shapes.get(i).equals(out.type().shape())) {
                if (shapes.get(i).rank() > MOST_DIMENSIONS) {
                    throw new NotSupported("output " + out.name() + " has shape " + shapes.get(i) + ", wanted at most " + MOST_DIMENSIONS
                            + " dimensions");
                }
                out = Value.of(out.name(), out.type().withShape(shapes.get(i)));
                tensors.set(indices[i], out);
            }
            outputs.add(out);
        }
        Node node = new Node(name, op, inputs, outputs);
        Optional<List<Value>> known = outputs.stream().anyMatch(Value::isConstant) ? Optional.empty() : folded(node);
        if (known.isEmpty()) {
            keep(node);
            return;
        }
        for (int i = 0; i < indices.length; i++) {
            tensors.set(indices[i], known.get().get(i));
        }
    }

    private void keep(Node node) {
        if (nodes.size() == MOST_NODES) {
            throw new NotSupported("the model has over " + MOST_NODES + " operators");
        }
        nodes.add(node);
    }

    /** What sizes are computed with is folded here: integers, booleans and few floats. Everything else is left to the passes. */
    private Optional<List<Value>> folded(Node node) {
        boolean arithmetic = node.op() instanceof Binary || node.op() instanceof Unary || node.op() instanceof Cast
                || node.op() instanceof Reshape || node.op() instanceof Slice;
        boolean small = node.outputs().stream().map(Value::type).allMatch(t -> t.quant().isNone() && switch (t.dtype()) {
            case INT32, INT64, BOOL -> t.shape().elements() <= MOST_FOLDED_INTEGERS;
            case FLOAT32 -> arithmetic && t.shape().elements() <= MOST_FOLDED_FLOATS;
            default -> false;
        });
        return small ? folder.fold(node) : Optional.empty();
    }

    /** New memory for a constant, freed when nothing refers to it; a hostile file must not fill the machine with them. */
    Value constant(String name, TensorType type, Consumer<MemorySegment> fill) {
        made += type.bytes();
        if (made > MOST_MADE_BYTES) {
            throw new NotSupported("the tensors that the file's operators make of nothing take over " + MOST_MADE_BYTES + " bytes");
        }
        MemorySegment data = Arena.ofAuto().allocate(Math.max(type.bytes(), 1), 64).asSlice(0, type.bytes());
        fill.accept(data);
        return Value.constant(tensors.unique(name), type, data);
    }

    /** A float32 scalar. */
    Value scalar(String name, float value) {
        return constant(name, TensorType.of(DType.FLOAT32), data -> data.set(ValueLayout.JAVA_FLOAT, 0, value));
    }
}
