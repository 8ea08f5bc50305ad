package ocelli.cli;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Quantize;
import ocelli.core.plan.Step;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.run.WorkerPool;

/**
 * How long a network and its nodes take on this machine.
 *
 * @param run        median of a whole run in nanoseconds
 * @param byNode     median of each node, by name
 * @param kernels    kernel of each node, by name
 * @param conversion of Quantize and Dequantize nodes together
 */
record LayerTimes(long run, Map<String, Long> byNode, Map<String, Step> kernels, long conversion) {
    private static final int ROUNDS = 15;

    static LayerTimes of(Graph graph, SessionOptions options) {
        try (WorkerPool pool = new WorkerPool(options.threads()); Session session = Session.open(graph, options.withPool(pool))) {
            session.run();
            List<Step> steps = session.plan().steps();
            long[] runs = new long[ROUNDS];
            long[][] each = new long[steps.size()][ROUNDS];
            for (int r = 0; r < ROUNDS; r++) {
                long start = System.nanoTime();
                session.run();
                runs[r] = System.nanoTime() - start;
                for (int s = 0; s < each.length; s++) {
                    long before = System.nanoTime();
                    pool.run(steps.get(s).kernel());
                    each[s][r] = System.nanoTime() - before;
                }
            }
            Map<String, Long> byNode = new HashMap<>();
            Map<String, Step> kernels = new HashMap<>();
            long conversion = 0;
            for (int s = 0; s < each.length; s++) {
                Step step = steps.get(s);
                byNode.merge(step.node().name(), median(each[s]), Long::sum);
                kernels.putIfAbsent(step.node().name(), step);
                conversion += step.node().op() instanceof Quantize || step.node().op() instanceof Dequantize ? median(each[s]) : 0;
            }
            return new LayerTimes(median(runs), byNode, kernels, conversion);
        }
    }

    private static long median(long[] times) {
        long[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** What a node takes; 0 when it became a part of another or a view. */
    long of(String node) {
        return byNode.getOrDefault(node, 0L);
    }
}
