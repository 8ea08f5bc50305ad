package ocelli.core.pass;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;

/** Removes nodes whose results nobody reads. */
final class DropDeadNodes implements Pass {
    @Override
    public String name() {
        return "drop-dead-nodes";
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        Set<Value> read = Collections.newSetFromMap(new IdentityHashMap<>());
        read.addAll(graph.outputs());
        Rewrite rewrite = new Rewrite(graph);
        List<Node> nodes = graph.nodes();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (node.outputs().stream().anyMatch(read::contains)) {
                read.addAll(node.inputs());
            } else {
                rewrite.drop(node);
                log.accept(node.name());
            }
        }
        return rewrite.graph();
    }
}
