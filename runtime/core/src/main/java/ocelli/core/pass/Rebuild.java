package ocelli.core.pass;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Value;
import ocelli.core.tensor.TensorType;

/** A graph that is written anew from front to back, so that one node may become several; {@link #graph} gives the result. */
final class Rebuild {
    private final Graph source;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Value, Value> renamed = new IdentityHashMap<>();
    private final Map<Value, Node> producers = new IdentityHashMap<>();
    private final Map<Value, Integer> uses = new IdentityHashMap<>();
    private final FreshNames names;
    private boolean changed;

    Rebuild(Graph source) {
        this.source = source;
        names = new FreshNames(source);
        source.nodes().forEach(node -> node.inputs().forEach(v -> uses.merge(v, 1, Integer::sum)));
        source.outputs().forEach(v -> uses.merge(v, 1, Integer::sum));
    }

    /** The value that stands for a value of the source graph. */
    Value current(Value v) {
        return renamed.getOrDefault(v, v);
    }

    /** The node of the new graph that makes a value. */
    Optional<Node> producer(Value v) {
        return Optional.ofNullable(producers.get(v));
    }

    /** How often nodes and graph outputs of the source graph read one of its values. */
    int uses(Value v) {
        return uses.getOrDefault(v, 0);
    }

    boolean isGraphOutput(Value v) {
        return source.outputs().stream().anyMatch(o -> o == v);
    }

    /** The node with the values that stand for its inputs now. */
    Node current(Node node) {
        List<Value> inputs = node.inputs().stream().map(this::current).toList();
        return inputs.equals(node.inputs()) ? node : new Node(node.name(), node.op(), inputs, node.outputs());
    }

    /** Takes over a node of the source graph as {@link #current(Node)} gives it. */
    void keep(Node node) {
        write(node);
    }

    /** Writes a node that is not in the source graph. */
    void add(Node node) {
        write(node);
        changed = true;
    }

    /** Writes a node with a new output of the given type, which it returns. */
    Value add(String name, Op op, TensorType like, Value... in) {
        Value out = Value.of(names.of(name), like.withShape(op.outputShapes(List.of(in).stream().map(Value::type).toList()).getFirst()));
        add(new Node(name, op, List.of(in), List.of(out)));
        return out;
    }

    private void write(Node node) {
        nodes.add(node);
        node.outputs().forEach(v -> producers.put(v, node));
    }

    /** Later readers of {@code from} read {@code to} instead. */
    void rename(Value from, Value to) {
        renamed.put(from, to);
        changed = true;
    }

    Graph graph() {
        return changed ? new Graph(source.name(), source.inputs(), source.outputs().stream().map(this::current).toList(), nodes) : source;
    }
}
