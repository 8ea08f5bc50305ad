package ocelli.compress;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.run.SessionOptions;

/**
 * How much each layer alone damages the network: it is the only one that is quantised, and the error is measured where the
 * integers end, on each branch of the head by itself.
 */
final class Sensitivity {
    private Sensitivity() {
    }

    /** Makes the network in which only this layer runs on integers. */
    @FunctionalInterface
    interface Alone {
        Graph of(Node layer);
    }

    /**
     * A layer's damage.
     *
     * @param noise power of the error over the power of the signal, the sum of all branches
     */
    record Damage(Node layer, double noise) {
    }

    /** The layers by falling damage. */
    static List<Damage> rank(Graph graph, List<Node> layers, List<Value> heads, Alone alone, Samples samples, SessionOptions options,
                             Progress progress) {
        List<Damage> damages = new ArrayList<>();
        Map<Value, Value> same = new IdentityHashMap<>();
        heads.forEach(v -> same.put(v, v));
        for (Node layer : layers) {
            double noise = Comparison.of(graph, alone.of(layer), same, samples, options).values().stream()
                    .mapToDouble(d -> Double.isNaN(d.sqnr()) ? 0 : Math.pow(10, -d.sqnr() / 10)).sum();
            damages.add(new Damage(layer, noise));
            progress.step("rank layers", damages.size(), layers.size());
        }
        damages.sort((a, b) -> Double.compare(b.noise(), a.noise()));
        return damages;
    }

    /**
     * Where the integers end: float values that integer nodes make for float nodes or as results. Where one function reads such a
     * value, what it makes of it counts: how far below zero a logit lies is no matter.
     */
    static List<Value> heads(Graph graph, Placement placement) {
        Map<Value, List<Node>> readers = new IdentityHashMap<>();
        graph.nodes().forEach(n -> n.inputs().forEach(v -> readers.computeIfAbsent(v, _ -> new ArrayList<>()).add(n)));
        List<Value> heads = new ArrayList<>();
        for (Node node : graph.nodes()) {
            for (Value v : placement.isInteger(node) ? node.outputs() : List.<Value>of()) {
                List<Node> next = readers.getOrDefault(v, List.of());
                if (graph.outputs().contains(v) || next.stream().anyMatch(n -> !placement.isInteger(n))) {
                    heads.add(next.size() == 1 && next.getFirst().op() instanceof Unary ? next.getFirst().output() : v);
                }
            }
        }
        return heads;
    }
}
