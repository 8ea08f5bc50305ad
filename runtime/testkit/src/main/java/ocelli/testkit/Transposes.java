package ocelli.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Puts transposes into a network that together change nothing, the way exporters do: around operators, around functions of one
 * element, and with reshapes in between.
 */
public final class Transposes {
    private final Random random;
    private final Map<Value, Value> renamed = new IdentityHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private int names;

    private Transposes(Random random) {
        this.random = random;
    }

    /** The network with many transposes more; the same for the same seed. */
    public static Graph insert(Graph graph, long seed) {
        Transposes t = new Transposes(new Random(seed));
        graph.nodes().forEach(t::node);
        return new Graph(graph.name() + " with transposes", graph.inputs(),
                graph.outputs().stream().map(v -> t.renamed.getOrDefault(v, v)).toList(), t.nodes);
    }

    /** Elements that all transposes of a network move. */
    public static long moved(Graph graph) {
        return graph.nodes().stream().filter(n -> n.op() instanceof Transpose && !n.input(0).isConstant())
                .mapToLong(n -> n.output().type().shape().elements()).sum();
    }

    private void node(Node node) {
        List<Value> inputs = node.inputs().stream().map(v -> renamed.getOrDefault(v, v)).map(v -> v.isConstant() ? v : around(v)).toList();
        boolean one = node.op() instanceof Unary || node.op() instanceof Quantize || node.op() instanceof Dequantize;
        Value out = node.output();
        if (one && !inputs.getFirst().isConstant() && !out.type().quant().isPerAxis() && random.nextBoolean()) {
            List<Integer> perm = permutation(out.type().shape().rank());
            Value x = add(new Transpose(perm), inputs.getFirst().type(), inputs.getFirst());
            Value y = add(node.op(), out.type(), x);
            renamed.put(out, add(new Transpose(inverse(perm)), out.type(), y));
        } else {
            nodes.add(new Node(node.name(), node.op(), inputs, node.outputs()));
        }
        // Sometimes all readers get a result that went around.
        for (Value v : node.outputs()) {
            Value now = renamed.getOrDefault(v, v);
            if (random.nextInt(4) == 0) {
                renamed.put(v, around(now));
            }
        }
    }

    /** The value, or what is left of it after a transpose and its inverse, at times with reshapes in between. */
    private Value around(Value v) {
        Shape shape = v.type().shape();
        if (shape.rank() < 2 || random.nextInt(3) == 0 || v.type().quant().isPerAxis()) {
            return v;
        }
        List<Integer> perm = permutation(shape.rank());
        Value there = add(new Transpose(perm), v.type(), v);
        if (random.nextInt(3) == 0) {
            Shape moved = there.type().shape();
            there = add(new Reshape(Shape.of(moved.dim(0), moved.elements() / moved.dim(0))), v.type(), there);
            there = add(new Reshape(moved), v.type(), there);
        }
        return add(new Transpose(inverse(perm)), v.type(), there);
    }

    /** Half of the images go the way of NHWC to NCHW. */
    private List<Integer> permutation(int rank) {
        List<Integer> perm = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        if (rank == 4 && random.nextBoolean()) {
            return List.of(0, 3, 1, 2);
        }
        Collections.shuffle(perm, random);
        return perm;
    }

    private static List<Integer> inverse(List<Integer> perm) {
        return IntStream.range(0, perm.size()).mapToObj(perm::indexOf).toList();
    }

    private Value add(Op op, TensorType like, Value in) {
        Value out = Value.of("around" + names++, like.withShape(op.outputShapes(List.of(in.type())).getFirst()));
        nodes.add(new Node(out.name(), op, List.of(in), List.of(out)));
        return out;
    }
}
