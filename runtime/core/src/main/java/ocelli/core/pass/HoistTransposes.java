package ocelli.core.pass;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ocelli.core.graph.Expand;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Tile;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Value;

/**
 * Transposes behind operators that add elements move in front of them, where there are fewer; a Pad comes to stand before its
 * convolution.
 */
final class HoistTransposes {
    private HoistTransposes() {
    }

    static Graph apply(Graph graph) {
        Rebuild rebuild = new Rebuild(graph);
        Map<Value, List<Node>> readers = new IdentityHashMap<>();
        graph.nodes().forEach(node -> node.inputs().forEach(v -> readers.computeIfAbsent(v, _ -> new ArrayList<>()).add(node)));
        Map<Node, Value> hoisted = new IdentityHashMap<>();
        for (Node node : graph.nodes()) {
            Node now = rebuild.current(node);
            List<Node> transposes = readers.getOrDefault(node.output(), List.of());
            // Graph outputs keep their own values, so that their names stay.
            boolean named = rebuild.isGraphOutput(node.output()) || transposes.stream().anyMatch(t -> rebuild.isGraphOutput(t.output()));
            Optional<Transpose> transpose = named ? Optional.empty() : transpose(now, transposes);
            if (hoisted.containsKey(node)) {
                rebuild.rename(node.output(), hoisted.get(node));
            } else if (transpose.isPresent()) {
                Value x = now.input(0);
                Value before = rebuild.add(now.name() + ".order", transpose.get(), x.type(), x);
                AxisRules.Moved moved = AxisRules.moved(now, transpose.get().perm()).orElseThrow();
                Value after = rebuild.add(now.name(), moved.op(), now.output().type(), before);
                transposes.forEach(reader -> hoisted.put(reader, after));
            } else {
                rebuild.keep(now);
            }
        }
        return rebuild.graph();
    }

    /** The transpose that all readers of an operator's result are, when it moves fewer elements in front of it. */
    private static Optional<Transpose> transpose(Node node, List<Node> readers) {
        Value x = node.input(0);
        boolean adds = (node.op() instanceof Pad || node.op() instanceof Tile || node.op() instanceof Expand)
                && x.type().shape().rank() == node.output().type().shape().rank() && !x.isConstant()
                && x.type().shape().elements() < node.output().type().shape().elements();
        return adds && !readers.isEmpty() && readers.getFirst().op() instanceof Transpose t
                && readers.stream().allMatch(r -> r.op().equals(t) && LayoutWalk.isMovement(r)) ? Optional.of(t) : Optional.empty();
    }
}
