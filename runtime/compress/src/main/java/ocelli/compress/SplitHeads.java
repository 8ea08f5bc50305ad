package ocelli.compress;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Split;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Cuts a convolution whose result is only cut into pieces of channels: each piece gets a convolution, and so a scale, of its own.
 * In one tensor the boxes of NanoDet and PicoDet would share theirs with the scores, whose logits reach down to −50.
 */
final class SplitHeads {
    private SplitHeads() {
    }

    /** A graph that computes the same; the same one when there is nothing to do. */
    static Graph of(Graph graph) {
        Map<Value, Integer> readers = new IdentityHashMap<>();
        Map<Value, Node> makers = new HashMap<>();
        graph.nodes().forEach(n -> n.inputs().forEach(v -> readers.merge(v, 1, Integer::sum)));
        graph.outputs().forEach(v -> readers.merge(v, 1, Integer::sum));
        graph.nodes().forEach(n -> n.outputs().forEach(v -> makers.put(v, n)));
        Map<Node, Node> cuts = new IdentityHashMap<>();
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Split s && s.axis() == node.input(0).type().shape().rank() - 1
                    && readers.get(node.input(0)) == 1 && makers.get(node.input(0)) instanceof Node maker
                    && maker.op() instanceof Conv2d c && c.groups() == 1 && Roles.isWeighted(maker)) {
                cuts.put(maker, node);
            }
        }
        if (cuts.isEmpty()) {
            return graph;
        }
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (cuts.containsKey(node)) {
                nodes.addAll(pieces(node, cuts.get(node)));
            } else if (!cuts.containsValue(node)) {
                nodes.add(node);
            }
        }
        return new Graph(graph.name(), graph.inputs(), graph.outputs(), nodes);
    }

    private static List<Node> pieces(Node conv, Node split) {
        List<Node> pieces = new ArrayList<>();
        int from = 0;
        for (Value out : split.outputs()) {
            int to = from + out.type().shape().channels();
            if (to > from) {
                String name = conv.name() + " channels " + from + "…" + (to - 1);
                List<Value> inputs = new ArrayList<>(List.of(conv.input(0)));
                for (Value constant : conv.inputs().subList(1, conv.inputs().size())) {
                    inputs.add(rows(constant, from, to));
                }
                pieces.add(new Node(name, conv.op(), inputs, List.of(out)));
            }
            from = to;
        }
        return pieces;
    }

    /** Some of the output channels of weights or bias, which are their first dimension. */
    private static Value rows(Value constant, int from, int to) {
        int[] dims = constant.type().shape().toArray();
        long row = constant.type().bytes() / dims[0];
        dims[0] = to - from;
        TensorType type = TensorType.of(constant.type().dtype(), Shape.of(dims).toArray());
        return Value.constant(constant.name() + " " + from, type, constant.data().orElseThrow().asSlice(from * row, (to - from) * row));
    }
}
