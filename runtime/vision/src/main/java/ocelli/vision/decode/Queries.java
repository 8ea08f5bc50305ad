package ocelli.vision.decode;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import ocelli.core.graph.GatherElements;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.TopK;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;

/**
 * How many classes an end-to-end head has, which its outputs do not tell. Such a graph ends by picking the best of all
 * scores, queries times classes, and then the boxes of their queries.
 */
public final class Queries {
    private Queries() {
    }

    /** The number of classes, or 0 when the graph does not end in this way. */
    public static int classes(Graph graph) {
        Map<Value, Node> makers = new IdentityHashMap<>();
        graph.nodes().forEach(n -> n.outputs().forEach(v -> makers.put(v, n)));
        for (Value boxes : graph.outputs()) {
            Optional<Node> gather = nearest(boxes, makers, n -> n.op() instanceof GatherElements);
            Shape shape = boxes.type().shape();
            if (shape.rank() < 2 || shape.dim(-1) != 4 || gather.isEmpty()) {
                continue;
            }
            Optional<Node> best = nearest(gather.get().input(1), makers, n -> n.op() instanceof TopK);
            int queries = gather.get().input(0).type().shape().elements() / 4;
            int scores = best.map(n -> n.input(0).type().shape().elements()).orElse(0);
            return queries > 0 && scores % queries == 0 ? scores / queries : 0;
        }
        return 0;
    }

    /** Breadth first, against the arrows. */
    private static Optional<Node> nearest(Value from, Map<Value, Node> makers, Predicate<Node> wanted) {
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Value> open = new ArrayDeque<>();
        open.add(from);
        while (!open.isEmpty()) {
            Node node = makers.get(open.poll());
            if (node == null || !seen.add(node)) {
                continue;
            }
            if (wanted.test(node)) {
                return Optional.of(node);
            }
            open.addAll(node.inputs());
        }
        return Optional.empty();
    }
}
