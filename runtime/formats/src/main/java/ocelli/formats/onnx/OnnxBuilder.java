package ocelli.formats.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Value;
import ocelli.core.pass.ConstantFolder;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import ocelli.formats.NotSupported;

/**
 * The core graph while it is being built. Nodes whose inputs are all constants are computed at once, so that shape arithmetic
 * never becomes a node; dequantised weights stay nodes, for the passes that make integer operators need them.
 */
final class OnnxBuilder {
    private static final int MOST_NODES = 1 << 17;
    /** Dimensions of any tensor. */
    static final int MOST_DIMENSIONS = 64;
    /** Bytes of the constants that mappers write themselves; what is computed from constants has the folder's budget. */
    private static final long MOST_MADE_BYTES = 1L << 26;

    private final List<Node> nodes = new ArrayList<>();
    private final Map<Value, Node> producers = new IdentityHashMap<>();
    private final Map<Value, String> finalNames = new IdentityHashMap<>();
    private final Set<String> names = new HashSet<>();
    /** The number that a name was last made unique with, so that a file of like names costs no more than one of others. */
    private final Map<String, Integer> numbers = new HashMap<>();
    private final ConstantFolder folder = new ConstantFolder();
    /** Constants that were moved already: weights that layers share stay shared. */
    private final Map<Move, Value> moved = new HashMap<>();
    private long made;

    /** @param how the new shape, or the permutation */
    private record Move(Value constant, Object how) {
    }

    /** A name that no value or node has yet: the base itself, or with a number. */
    String unique(String base) {
        String name = base;
        while (!names.add(name)) {
            name = base + "#" + numbers.merge(base, 1, Integer::sum);
        }
        return name;
    }

    /** The node that makes a value; empty for graph inputs and constants. */
    Optional<Node> producer(Value v) {
        return Optional.ofNullable(producers.get(v));
    }

    /**
     * Adds a node, or computes it when its inputs are constants.
     *
     * @param types one for each output; their shapes are replaced by the inferred ones
     */
    List<Value> emit(String name, Op op, List<TensorType> types, List<Value> inputs) {
        List<Shape> shapes = op.outputShapes(inputs.stream().map(Value::type).toList());
        if (shapes.size() != types.size()) {
            throw new IllegalArgumentException(op.name() + " has " + shapes.size() + " outputs, wanted " + types.size());
        }
        shapes.forEach(OnnxBuilder::checkRank);
        String unique = unique(name);
        List<Value> outputs = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            outputs.add(Value.of(i == 0 ? unique : unique + ":" + i, types.get(i).withShape(shapes.get(i))));
        }
        Node node = new Node(unique, op, inputs, outputs);
        boolean weights = op instanceof Dequantize && !inputs.getFirst().type().dtype().isFloat();
        Optional<List<Value>> folded = weights ? Optional.empty() : folder.fold(node);
        if (folded.isPresent()) {
            return folded.get();
        }
        if (nodes.size() == MOST_NODES) {
            throw new NotSupported("the model has over " + MOST_NODES + " operators");
        }
        nodes.add(node);
        outputs.forEach(v -> producers.put(v, node));
        return List.copyOf(outputs);
    }

    /** The same elements under another shape; no node when that changes nothing, or for a constant. */
    Value reshape(String name, Value v, Shape shape) {
        if (v.type().shape().equals(shape)) {
            return v;
        }
        checkRank(shape);
        Reshape op = new Reshape(shape);
        op.outputShapes(List.of(v.type()));
        TensorType type = new TensorType(v.type().dtype(), shape, reshaped(v.type(), shape));
        if (v.isConstant()) {
            return moved.computeIfAbsent(new Move(v, shape), _ -> Value.constant(unique(name), type, v.data().orElseThrow()));
        }
        // A chain of reshapes is its last one.
        Value source = producer(v).filter(p -> p.op() instanceof Reshape).map(p -> p.input(0)).orElse(v);
        return source.type().equals(type) ? source : emit(name, op, List.of(type), List.of(source)).getFirst();
    }

    /** Operators that add dimensions could double them with each node of a hostile file. */
    private static void checkRank(Shape shape) {
        if (shape.rank() > MOST_DIMENSIONS) {
            throw new IllegalArgumentException("makes a tensor of " + shape.rank() + " dimensions, wanted at most " + MOST_DIMENSIONS);
        }
    }

    /** Permuted dimensions; no node when that changes nothing. Two transposes in a row become one or none. */
    Value transpose(String name, Value v, List<Integer> perm) {
        Node before = producers.get(v);
        if (before != null && before.op() instanceof Transpose first) {
            return transpose(name, before.input(0), perm.stream().map(first.perm()::get).toList());
        }
        Transpose op = new Transpose(perm);
        Shape shape = op.outputShapes(List.of(v.type())).getFirst();
        if (movesNothing(v.type().shape(), perm)) {
            return reshape(name, v, shape);
        }
        Move move = new Move(v, perm);
        if (v.isConstant() && moved.containsKey(move)) {
            return moved.get(move);
        }
        Value result = permuted(name, v, op, shape);
        if (result.isConstant()) {
            moved.put(move, result);
        }
        return result;
    }

    private Value permuted(String name, Value v, Transpose op, Shape shape) {
        Quantization quant = v.type().quant();
        if (!quant.isPerAxis()) {
            return emit(name, op, List.of(new TensorType(v.type().dtype(), shape, quant)), List.of(v)).getFirst();
        }
        TensorType type = new TensorType(v.type().dtype(), shape, onAxis(quant, op.perm().indexOf(quant.axis())));
        if (!v.isConstant()) {
            return emit(name, op, List.of(type), List.of(v)).getFirst();
        }
        // Bytes are bytes: no kernel needs to know of scales per channel to move them.
        Value raw = Value.constant(v.name(), TensorType.of(v.type().dtype(), v.type().shape().toArray()), v.data().orElseThrow());
        Value bytes = emit(name, op, List.of(TensorType.of(v.type().dtype(), shape.toArray())), List.of(raw)).getFirst();
        return bytes.isConstant() ? Value.constant(bytes.name(), type, bytes.data().orElseThrow())
                : emit(name, new Reinterpret(), List.of(type), List.of(bytes)).getFirst();
    }

    /** True when dimensions above 1 keep their order. */
    private static boolean movesNothing(Shape shape, List<Integer> perm) {
        int last = -1;
        for (int p : perm) {
            if (shape.dim(p) != 1) {
                if (p < last) {
                    return false;
                }
                last = p;
            }
        }
        return true;
    }

    private static Quantization onAxis(Quantization q, int axis) {
        float[] scales = new float[q.size()];
        int[] zeroPoints = new int[q.size()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = q.scale(i);
            zeroPoints[i] = q.zeroPoint(i);
        }
        return Quantization.perAxis(scales, zeroPoints, axis);
    }

    /** The quantisation after a reshape: its axis is the dimension of the same size with as many elements behind it. */
    private static Quantization reshaped(TensorType from, Shape to) {
        Quantization q = from.quant();
        if (!q.isPerAxis()) {
            return q;
        }
        int behind = from.shape().strides()[q.axis()];
        for (int axis = 0; axis < to.rank(); axis++) {
            if (to.dim(axis) == q.size() && to.strides()[axis] == behind) {
                return onAxis(q, axis);
            }
        }
        throw new NotSupported("reshape of " + from + " to " + to + " splits the quantised axis");
    }

    Value constant(String name, TensorType type, MemorySegment data) {
        return Value.constant(unique(name), type, data);
    }

    /** New memory for a constant that a mapper writes; a hostile file of many small nodes must not fill the machine with them. */
    MemorySegment make(TensorType type) {
        made += type.bytes();
        if (made > MOST_MADE_BYTES) {
            throw new NotSupported("the tensors that the file's nodes make of nothing take over " + MOST_MADE_BYTES + " bytes");
        }
        return allocate(type);
    }

    /** New memory for a constant, freed when nothing refers to it. */
    static MemorySegment allocate(TensorType type) {
        return Arena.ofAuto().allocate(Math.max(type.bytes(), 1), 64).asSlice(0, type.bytes());
    }

    /** The value of a graph output gets this name. */
    Value outputOf(String name, Value v, Set<Value> inputs) {
        if (v.isConstant()) {
            return Value.constant(name, v.type(), v.data().orElseThrow());
        }
        if (!inputs.contains(v) && finalNames.putIfAbsent(v, name) == null) {
            return v;
        }
        // A graph input, or a value that is an output under another name already, gets a node that only names it.
        Value named = emit(name, new Reshape(v.type().shape()), List.of(v.type()), List.of(v)).getFirst();
        finalNames.put(named, name);
        return named;
    }

    /** The graph of the nodes that the outputs need. */
    Graph graph(String name, List<Value> inputs, List<Value> outputs) {
        Set<Value> needed = Collections.newSetFromMap(new IdentityHashMap<>());
        needed.addAll(outputs);
        List<Node> live = new ArrayList<>();
        for (Node node : nodes.reversed()) {
            if (node.outputs().stream().anyMatch(needed::contains)) {
                needed.addAll(node.inputs());
                live.add(node);
            }
        }
        Map<Value, Value> renamed = new IdentityHashMap<>();
        finalNames.forEach((v, n) -> renamed.put(v, Value.of(n, v.type())));
        List<Node> ordered = live.reversed().stream().map(n -> renamed.isEmpty() ? n : new Node(n.name(), n.op(),
                n.inputs().stream().map(v -> renamed.getOrDefault(v, v)).toList(),
                n.outputs().stream().map(v -> renamed.getOrDefault(v, v)).toList())).toList();
        return new Graph(name, inputs, outputs.stream().map(v -> renamed.getOrDefault(v, v)).toList(), ordered);
    }

    /** A type of this element type, its shape to be inferred. */
    static TensorType typed(DType dtype) {
        return TensorType.of(dtype);
    }
}
