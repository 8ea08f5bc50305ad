package ocelli.core.pass;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Value;

/**
 * Moves transposes down through the operators that do not mind, so that those which exporters and the ONNX importer put around
 * NHWC operators meet and cancel; chains of transposes and reshapes become the shortest one. Behind operators that add elements
 * they move up. The graph never moves more elements than before: where branches meet, the walk's own choice is tried against
 * putting a value in order earlier.
 */
final class CancelTransposes implements Pass {
    /** Rounds; each one starts from a better graph, and a second hardly ever finds anything. */
    private static final int ROUNDS = 8;
    /** Alternatives that are tried in one round, times nodes. */
    private static final int MOST_VISITS = 40_000;

    @Override
    public String name() {
        return "cancel-transposes";
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        // Reshapes alone cost nothing, and walking a graph takes 10 ms of a start.
        if (transposes(graph) == 0) {
            return graph;
        }
        Graph best = graph;
        FoldedConstants constants = new FoldedConstants();
        for (int round = 0; round < ROUNDS; round++) {
            Graph next = HoistTransposes.apply(improve(best, constants));
            // Where nothing is transposed, as many nodes are the same graph in other words.
            boolean idle = transposes(best) == 0 && transposes(next) == 0 && next.nodes().size() >= best.nodes().size();
            if (LayoutWalk.cost(next) > LayoutWalk.cost(best) || idle || SameGraph.test(best, next)) {
                break;
            }
            best = next;
        }
        if (best != graph) {
            log.accept(describe(graph) + " became " + describe(best));
        }
        return best;
    }

    private static long transposes(Graph graph) {
        return graph.nodes().stream().filter(n -> n.op() instanceof Transpose).count();
    }

    private static String describe(Graph graph) {
        return transposes(graph) + " transposes of " + LayoutWalk.cost(graph)
                + " elements and " + graph.nodes().stream().filter(n -> n.op() instanceof Reshape).count() + " reshapes";
    }

    /** One alternative to what a walk does by itself. */
    private record Choice(Value pin, Node sink) {
    }

    /** A walk as it is, then with those alternatives that make it cheaper. */
    private static Graph improve(Graph graph, FoldedConstants constants) {
        Set<Value> pinned = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<Node> sunk = Collections.newSetFromMap(new IdentityHashMap<>());
        LayoutWalk.Source source = LayoutWalk.Source.of(graph);
        LayoutWalk walk = new LayoutWalk(source, new LayoutWalk.Decisions(pinned, sunk), constants);
        Graph best = walk.graph(Long.MAX_VALUE).orElseThrow();
        long cost = walk.cost();
        Set<Choice> tried = new HashSet<>();
        Deque<Choice> choices = new ArrayDeque<>(choices(source, walk));
        for (int visits = 0; !choices.isEmpty() && visits < MOST_VISITS; visits += graph.nodes().size()) {
            Choice choice = choices.removeFirst();
            if (!tried.add(choice)) {
                continue;
            }
            boolean unused = choice.pin == null ? sunk.add(choice.sink) : pinned.add(choice.pin);
            LayoutWalk other = new LayoutWalk(source, new LayoutWalk.Decisions(pinned, sunk), constants);
            Optional<Graph> found = other.graph(cost);
            if (found.isPresent()) {
                best = found.get();
                cost = other.cost();
                choices = new ArrayDeque<>(choices(source, other));
            } else if (unused) {
                pinned.remove(choice.pin);
                sunk.remove(choice.sink);
            }
        }
        return best;
    }

    /** What could be done otherwise around the places where a walk had to move elements, the nearest first. */
    private static List<Choice> choices(LayoutWalk.Source source, LayoutWalk walk) {
        List<Choice> choices = new ArrayList<>();
        walk.declined().forEach(node -> choices.add(new Choice(null, node)));
        Deque<Value> open = new ArrayDeque<>(walk.paid());
        Set<Value> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        while (!open.isEmpty()) {
            Value v = open.removeFirst();
            Node node = source.producers().get(v);
            if (node != null && seen.add(v) && (LayoutWalk.isMovement(node) || walk.isSunk(node))) {
                choices.add(new Choice(v, null));
                node.inputs().stream().filter(in -> !in.isConstant()).forEach(open::addLast);
            }
        }
        return choices;
    }
}
