package ocelli.core.pass;

import java.util.HashSet;
import java.util.Set;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Value;

/** Names for new values that no value of a graph has yet, for files tell values by their names. */
final class FreshNames {
    private final Set<String> before;
    private final Set<String> taken = new HashSet<>();

    FreshNames(Graph graph) {
        before = Set.of();
        graph.inputs().forEach(v -> taken.add(v.name()));
        graph.nodes().forEach(node -> {
            node.inputs().stream().map(Value::name).forEach(taken::add);
            node.outputs().stream().map(Value::name).forEach(taken::add);
        });
    }

    /** Another start from the same names, without walking through the graph again. */
    FreshNames(FreshNames start) {
        before = start.taken;
    }

    /** The wanted name, or with a number behind it. */
    String of(String wanted) {
        String name = wanted;
        for (int n = 2; before.contains(name) || !taken.add(name); n++) {
            name = wanted + "#" + n;
        }
        return name;
    }
}
