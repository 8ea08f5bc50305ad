package ocelli.compress;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Value;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;

/** Runs a network with its intermediate tensors in sight. */
final class Activations {
    /** Tensors that are watched in one session: more memory than this is cut into several sessions. */
    private static final long MOST_BYTES = 96L << 20;

    private Activations() {
    }

    /** Takes the tensors of one run, each with the value that it is of; called from one thread per tensor at a time. */
    @FunctionalInterface
    interface Watcher {
        void see(Value value, Tensor tensor, int sample);
    }

    /**
     * The statistics of all float tensors that samples make.
     *
     * @param weights what an error in each channel of a tensor costs
     */
    static Map<Value, TensorStatistics> statistics(Graph graph, Function<Value, double[]> weights, Samples samples, SessionOptions options,
                                                   String stage, Progress progress) {
        List<Value> values = floats(graph);
        Map<Value, TensorStatistics> statistics = new IdentityHashMap<>();
        values.forEach(v -> statistics.put(v, new TensorStatistics(weights.apply(v))));
        watch(graph, values, samples, options, stage, progress, (v, tensor, _) -> statistics.get(v).add(tensor));
        List<String> broken = values.stream().filter(v -> !statistics.get(v).isFinite()).limit(1)
                .map(v -> "tensor " + v.name() + " is infinite or no number on a calibration photo; "
                + "wanted finite numbers everywhere").toList();
        if (!broken.isEmpty()) {
            throw new UnsupportedModelException(graph.name(), broken);
        }
        return statistics;
    }

    /** Inputs and results of nodes that are float32 and not empty. */
    private static List<Value> floats(Graph graph) {
        List<Value> values = new ArrayList<>(graph.inputs());
        graph.nodes().forEach(n -> values.addAll(n.outputs()));
        return values.stream().filter(v -> v.type().dtype() == DType.FLOAT32 && v.type().shape().elements() > 0).toList();
    }

    /** Shows values of the graph on every sample; tensors of one run are seen by several threads at once. */
    static void watch(Graph graph, List<Value> values, Samples samples, SessionOptions options, String stage,
            Progress progress, Watcher watcher) {
        List<List<Value>> parts = parts(values);
        for (int p = 0; p < parts.size(); p++) {
            List<Value> part = parts.get(p);
            Graph watched = new Graph(graph.name(), graph.inputs(), part, graph.nodes());
            try (Session session = Session.open(watched, options)) {
                for (int s = 0; s < samples.size(); s++) {
                    samples.feed(s, session.inputs());
                    session.run();
                    int sample = s;
                    IntStream.range(0, part.size()).parallel().forEach(i -> watcher.see(part.get(i), session.outputs().get(i), sample));
                    progress.step(stage, p * samples.size() + s + 1, parts.size() * samples.size());
                }
            }
        }
    }

    private static List<List<Value>> parts(List<Value> values) {
        List<List<Value>> parts = new ArrayList<>();
        long bytes = MOST_BYTES;
        for (Value v : values) {
            if (bytes + v.type().bytes() > MOST_BYTES) {
                parts.add(new ArrayList<>());
                bytes = 0;
            }
            parts.getLast().add(v);
            bytes += v.type().bytes();
        }
        return parts;
    }
}
