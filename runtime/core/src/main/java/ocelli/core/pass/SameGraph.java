package ocelli.core.pass;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Value;
import ocelli.core.tensor.TensorType;

/** Whether two graphs are the same but for names and the order of independent nodes. */
final class SameGraph {
    private record Key(Op op, List<Integer> inputs, List<TensorType> outputs) {
    }

    private final Map<Key, Integer> counts = new HashMap<>();
    private final Map<Key, Integer> numbers;
    private final Map<Value, Integer> ids = new IdentityHashMap<>();
    private final List<Integer> outputs;

    private SameGraph(Graph graph, Map<Value, Integer> sources, Map<Key, Integer> numbers) {
        this.numbers = numbers;
        for (Node node : graph.nodes()) {
            Key key = new Key(node.op(), node.inputs().stream().map(v -> id(v, sources)).toList(),
                    node.outputs().stream().map(Value::type).toList());
            // Room for the node's outputs behind its number, and below 0 for what no node makes.
            int number = numbers.computeIfAbsent(key, _ -> (numbers.size() + 1) << 8);
            counts.merge(key, 1, Integer::sum);
            for (int i = 0; i < node.outputs().size(); i++) {
                ids.put(node.outputs().get(i), number + Math.min(i, 255));
            }
        }
        outputs = graph.outputs().stream().map(v -> id(v, sources)).toList();
    }

    private int id(Value v, Map<Value, Integer> sources) {
        Integer made = ids.get(v);
        return made != null ? made : sources.computeIfAbsent(v, _ -> -1 - sources.size());
    }

    static boolean test(Graph a, Graph b) {
        Map<Value, Integer> sources = new IdentityHashMap<>();
        Map<Key, Integer> numbers = new HashMap<>();
        SameGraph one = new SameGraph(a, sources, numbers);
        SameGraph other = new SameGraph(b, sources, numbers);
        return one.outputs.equals(other.outputs) && one.counts.equals(other.counts);
    }
}
