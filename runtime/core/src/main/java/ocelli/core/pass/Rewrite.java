package ocelli.core.pass;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;

/** A graph under rewriting: nodes are dropped or replaced, values are renamed to others; {@link #graph} gives the result. */
final class Rewrite {
    private final Graph source;
    private final Map<Value, Value> renamed = new IdentityHashMap<>();
    private final Map<Node, Node> replaced = new IdentityHashMap<>();
    private final Map<Value, Node> producers = new IdentityHashMap<>();
    private final Map<Value, Integer> uses = new IdentityHashMap<>();
    private final Map<Value, List<Node>> readers = new IdentityHashMap<>();
    private boolean changed;

    Rewrite(Graph source) {
        this.source = source;
        for (Node node : source.nodes()) {
            node.outputs().forEach(v -> producers.put(v, node));
            for (Value v : node.inputs()) {
                uses.merge(v, 1, Integer::sum);
                readers.computeIfAbsent(v, _ -> new ArrayList<>()).add(node);
            }
        }
        source.outputs().forEach(v -> uses.merge(v, 1, Integer::sum));
    }

    /** The node that makes a value in the source graph, unless it was dropped since. */
    Optional<Node> producer(Value v) {
        Node node = producers.get(v);
        return node == null || replaced.containsKey(node) && replaced.get(node) == null ? Optional.empty() : Optional.of(node);
    }

    /** How often nodes and graph outputs of the source graph read a value. */
    int uses(Value v) {
        return uses.getOrDefault(v, 0);
    }

    /** The nodes of the source graph that read a value, in their order, each once for every input that is the value. */
    List<Node> readers(Value v) {
        return readers.getOrDefault(v, List.of());
    }

    boolean isGraphOutput(Value v) {
        return source.outputs().stream().anyMatch(o -> o == v);
    }

    /** The node as it stands now: replaced or original. */
    Node current(Node node) {
        return replaced.getOrDefault(node, node);
    }

    /** The value that stands for {@code v} now. */
    Value current(Value v) {
        Value now = v;
        while (renamed.containsKey(now)) {
            now = renamed.get(now);
        }
        return now;
    }

    void drop(Node node) {
        replaced.put(node, null);
        changed = true;
    }

    void replace(Node node, Node by) {
        replaced.put(node, by);
        changed = true;
    }

    /** Every reader of {@code from} reads {@code to} instead. */
    void rename(Value from, Value to) {
        renamed.put(from, to);
        changed = true;
    }

    Graph graph() {
        if (!changed) {
            return source;
        }
        List<Node> nodes = new ArrayList<>();
        for (Node node : source.nodes()) {
            Node now = current(node);
            if (now != null) {
                nodes.add(new Node(now.name(), now.op(), now.inputs().stream().map(this::current).toList(), now.outputs()));
            }
        }
        return new Graph(source.name(), source.inputs(), source.outputs().stream().map(this::current).toList(), nodes);
    }
}
