package ocelli.core.plan;

import java.util.IdentityHashMap;
import java.util.Map;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Value;

/** Which values share memory: a reshape is a view of its input, so both have the same root. */
final class Storage {
    private final Map<Value, Value> roots = new IdentityHashMap<>();

    Storage(Graph graph) {
        for (Node node : graph.nodes()) {
            if (isView(node)) {
                roots.put(node.output(), root(node.input(0)));
            }
        }
    }

    /** True for a node that needs no kernel because its output is a view of its input. */
    static boolean isView(Node node) {
        boolean sameQuantization = node.op() instanceof Reinterpret
                || node.op() instanceof Reshape && node.input(0).type().quant().equals(node.output().type().quant());
        return sameQuantization && !node.input(0).isConstant() && node.input(0).type().dtype() == node.output().type().dtype();
    }

    /** The value that owns the memory of {@code v}. */
    Value root(Value v) {
        return roots.getOrDefault(v, v);
    }
}
