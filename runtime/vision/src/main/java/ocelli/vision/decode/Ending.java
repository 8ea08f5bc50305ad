package ocelli.vision.decode;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import ocelli.core.graph.Cast;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Graph;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.Split;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;

/**
 * How a graph ends in one of its outputs. Shapes do not tell whether scores are probabilities already and boxes are decoded
 * already; the last operators do.
 *
 * @param known       the graph was looked at
 * @param activated   the output, or a part of it, comes out of a sigmoid or softmax and has only been moved since
 * @param joined      the output is put together from several parts
 * @param exponential an exponential lies between the last layer with weights and the output, as decoding of boxes needs it
 */
public record Ending(boolean known, boolean activated, boolean joined, boolean exponential) {
    /** Nothing is known. */
    public static final Ending UNKNOWN = new Ending(false, false, false, false);

    /** Nodes that are looked at for one output. */
    private static final int LIMIT = 4096;

    /** The endings of all outputs of a graph. */
    public static Map<Value, Ending> of(Graph graph) {
        Map<Value, Node> makers = new IdentityHashMap<>();
        graph.nodes().forEach(n -> n.outputs().forEach(v -> makers.put(v, n)));
        Map<Value, Ending> endings = new HashMap<>();
        graph.outputs().forEach(v -> endings.put(v, of(v, makers)));
        return endings;
    }

    private static Ending of(Value output, Map<Value, Node> makers) {
        boolean activated = false;
        boolean joined = false;
        boolean exponential = false;
        // Whether only moves lie between a node and the output.
        Map<Node, Boolean> seen = new IdentityHashMap<>();
        Deque<Node> open = new ArrayDeque<>();
        visit(makers.get(output), true, seen, open);
        while (!open.isEmpty() && seen.size() < LIMIT) {
            Node node = open.pop();
            Op op = node.op();
            if (weighted(op)) {
                continue;
            }
            boolean plain = seen.get(node);
            activated |= plain && activates(op);
            joined |= plain && op instanceof Concat;
            exponential |= op instanceof Unary u && u.kind() == Unary.Kind.EXP;
            for (Value in : node.inputs()) {
                visit(makers.get(in), plain && moves(op), seen, open);
            }
        }
        return new Ending(true, activated, joined, exponential);
    }

    private static void visit(Node node, boolean plain, Map<Node, Boolean> seen, Deque<Node> open) {
        if (node != null && (!seen.containsKey(node) || plain && !seen.get(node))) {
            seen.put(node, plain);
            open.push(node);
        }
    }

    private static boolean weighted(Op op) {
        return op instanceof Conv2d || op instanceof DepthwiseConv2d || op instanceof FullyConnected || op instanceof MatMul;
    }

    private static boolean activates(Op op) {
        return op instanceof Softmax
                || op instanceof Unary u && (u.kind() == Unary.Kind.LOGISTIC || u.kind() == Unary.Kind.HARD_SIGMOID);
    }

    private static boolean moves(Op op) {
        return op instanceof Transpose || op instanceof Reshape || op instanceof Concat || op instanceof Slice || op instanceof Split
                || op instanceof Quantize || op instanceof Dequantize || op instanceof Cast || op instanceof Reinterpret;
    }
}
