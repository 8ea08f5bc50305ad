package ocelli.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;

/**
 * What damages a quantised network: each tensor by being rounded and each layer by its rounded weights, one at a time in the float
 * network. The error is measured where the integers end, on each branch of the head by itself. Such errors hardly know each other, so
 * their powers add up.
 */
final class Sensitivity {
    private final Graph graph;
    private final List<Value> heads;
    private final Samples samples;
    private final SessionOptions options;
    /** By sample: the bytes of each input, since photos take longer to prepare than small networks to run. */
    private final List<List<byte[]>> fed = new ArrayList<>();
    /** By sample and head. */
    private final List<float[][]> exact = new ArrayList<>();
    private final double[] signal;

    /**
     * @param heads where errors are measured
     */
    Sensitivity(Graph graph, List<Value> heads, Samples samples, SessionOptions options) {
        this.graph = graph;
        this.heads = heads;
        this.samples = samples;
        this.options = options;
        signal = new double[heads.size()];
        run();
    }

    /**
     * One source of error.
     *
     * @param layers the layers that must be float so that it goes
     * @param noise  power of the error over the power of the signal, the sum of all branches
     */
    record Damage(Set<Node> layers, double noise) {
    }

    /**
     * All sources of error in the network with these integer nodes.
     *
     * @param rounded layers with their weights rounded, still float, by the layer that they stand for
     */
    List<Damage> all(Placement placement, Ranges ranges, Map<Node, Node> rounded, Progress progress) {
        Map<Value, Set<Node>> tensors = tensors(placement);
        List<Damage> damages = new ArrayList<>();
        int total = tensors.size() + rounded.size();
        tensors.forEach((v, around) -> {
            damages.add(new Damage(around, noise(rounded(v, ranges.of(v)))));
            progress.step("find damage", damages.size(), total);
        });
        rounded.forEach((layer, other) -> {
            Graph changed = new Graph(graph.name(), graph.inputs(), graph.outputs(),
                    graph.nodes().stream().map(n -> n == layer ? other : n).toList());
            damages.add(new Damage(Set.of(layer), noise(Map.of(), changed)));
            progress.step("find damage", damages.size(), total);
        });
        return damages;
    }

    /** The tensors that are rounded, with the layers around them. */
    private Map<Value, Set<Node>> tensors(Placement placement) {
        Map<Value, Set<Node>> tensors = new LinkedHashMap<>();
        Map<Value, Set<Node>> makers = new IdentityHashMap<>();
        Map<Value, Set<Node>> readers = readers(placement);
        for (Node node : graph.nodes()) {
            if (!placement.isInteger(node)) {
                continue;
            }
            Set<Node> from = new LinkedHashSet<>();
            if (Roles.isWeighted(node)) {
                from.add(node);
            } else {
                node.inputs().forEach(v -> from.addAll(makers.getOrDefault(v, Set.of())));
            }
            for (Value v : node.inputs()) {
                if (!v.isConstant() && !makers.containsKey(v)) {
                    makers.put(v, Set.of());
                    tensors.put(v, readers.getOrDefault(v, Set.of()));
                }
            }
            for (Value v : node.outputs()) {
                makers.put(v, from);
                if (!Roles.keepsRange(node.op())) {
                    Set<Node> around = new LinkedHashSet<>(from);
                    around.addAll(readers.getOrDefault(v, Set.of()));
                    tensors.put(v, around);
                }
            }
        }
        tensors.values().removeIf(Set::isEmpty);
        return tensors;
    }

    /** The integer layers that read a value, behind what follows it on integers. */
    private Map<Value, Set<Node>> readers(Placement placement) {
        Map<Value, Set<Node>> readers = new IdentityHashMap<>();
        for (Node node : graph.nodes().reversed()) {
            if (placement.isInteger(node)) {
                Set<Node> next = new LinkedHashSet<>();
                if (Roles.isWeighted(node)) {
                    next.add(node);
                } else {
                    node.outputs().forEach(v -> next.addAll(readers.getOrDefault(v, Set.of())));
                }
                node.inputs().forEach(v -> readers.computeIfAbsent(v, _ -> new LinkedHashSet<>()).addAll(next));
            }
        }
        return readers;
    }

    private double noise(Rounded changed) {
        return noise(Map.of(changed.exact, changed.rounded), changed.graph);
    }

    /** @param others values that stand for heads in the changed graph */
    private double noise(Map<Value, Value> others, Graph changed) {
        List<Value> shown = heads.stream().map(v -> others.getOrDefault(v, v)).toList();
        double[] noise = new double[shown.size()];
        try (Session session = Session.open(new Graph(graph.name(), graph.inputs(), shown, changed.nodes()), options)) {
            for (int sample = 0; sample < samples.size(); sample++) {
                for (int i = 0; i < session.inputs().size(); i++) {
                    session.inputs().get(i).data().copyFrom(MemorySegment.ofArray(fed.get(sample).get(i)));
                }
                session.run();
                for (int i = 0; i < noise.length; i++) {
                    noise[i] += distance(exact.get(sample)[i], session.outputs().get(i).data());
                }
            }
        }
        double sum = 0;
        for (int i = 0; i < noise.length; i++) {
            sum += signal[i] == 0 ? 0 : noise[i] / signal[i];
        }
        return sum;
    }

    /** What the float network makes on all samples, once. */
    private void run() {
        try (Session session = Session.open(new Graph(graph.name(), graph.inputs(), heads, graph.nodes()), options)) {
            for (int sample = 0; sample < samples.size(); sample++) {
                samples.feed(sample, session.inputs());
                fed.add(session.inputs().stream().map(t -> t.data().toArray(ValueLayout.JAVA_BYTE)).toList());
                session.run();
                float[][] values = new float[heads.size()][];
                for (int i = 0; i < values.length; i++) {
                    values[i] = session.outputs().get(i).data().toArray(ValueLayout.JAVA_FLOAT);
                    signal[i] += distance(new float[values[i].length], session.outputs().get(i).data());
                }
                exact.add(values);
            }
        }
    }

    /** Sum of the squares of all differences. */
    private static double distance(float[] a, MemorySegment b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double d = a[i] - b.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            sum += d * d;
        }
        return sum;
    }

    private record Rounded(Graph graph, Value exact, Value rounded) {
    }

    /** The float graph with one tensor rounded to its 256 levels. */
    private Rounded rounded(Value v, Range range) {
        Value q = Value.of(v.name() + " quantized", range.type(v.type().shape()));
        Value r = Value.of(v.name() + " rounded", v.type());
        List<Node> both = List.of(new Node(v.name() + " Quantize", new Quantize(), List.of(v), List.of(q)),
                new Node(v.name() + " Dequantize", new Dequantize(), List.of(q), List.of(r)));
        List<Node> nodes = new ArrayList<>(graph.inputs().contains(v) ? both : List.of());
        for (Node node : graph.nodes()) {
            nodes.add(node.inputs().contains(v)
                    ? new Node(node.name(), node.op(), node.inputs().stream().map(x -> x == v ? r : x).toList(), node.outputs()) : node);
            if (node.outputs().contains(v)) {
                nodes.addAll(both);
            }
        }
        List<Value> outputs = graph.outputs().stream().map(x -> x == v ? r : x).toList();
        return new Rounded(new Graph(graph.name(), graph.inputs(), outputs, nodes), v, r);
    }

    /**
     * Where the integers end: float values that integer nodes make for float nodes or as results. Where one function reads such a
     * value, what it makes of it counts: how far below zero a logit lies is no matter.
     */
    static List<Value> heads(Graph graph, Placement placement) {
        Map<Value, List<Node>> readers = new IdentityHashMap<>();
        graph.nodes().forEach(n -> n.inputs().forEach(v -> readers.computeIfAbsent(v, _ -> new ArrayList<>()).add(n)));
        Set<Value> heads = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            for (Value v : placement.isInteger(node) ? node.outputs() : List.<Value>of()) {
                List<Node> next = readers.getOrDefault(v, List.of());
                if (graph.outputs().contains(v) || next.stream().anyMatch(n -> !placement.isInteger(n))) {
                    heads.add(next.size() == 1 && next.getFirst().op() instanceof Unary ? next.getFirst().output() : v);
                }
            }
        }
        return List.copyOf(heads);
    }
}
