package ocelli.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.plan.Step;
import ocelli.core.run.Session;
import ocelli.core.run.WorkerPool;
import ocelli.core.tensor.DType;
import ocelli.nativekernels.NativeProvider;
import ocelli.nativekernels.PeakLoop;
import ocelli.nativekernels.Tier;

/** Times of a plan's layers, beside what the processor could do. */
final class Profile {
    private static final int WARM_UP = 20;
    private static final int ROUNDS = 41;
    private static final long PEAK_ROUNDS = 200_000;
    private static final int PEAK_REPEATS = 15;

    private Profile() {
    }

    /** Multiply-accumulates a nanosecond of one core on registers alone; 0 without native kernels. */
    record Peak(double int8, double f32) {
        static Peak measure() {
            return NativeProvider.tiers().stream().max(Enum::compareTo)
                    .map(best -> new Peak(measure(best, true), measure(best, false))).orElse(new Peak(0, 0));
        }

        private static double measure(Tier tier, boolean int8) {
            double best = 0;
            try (PeakLoop loop = new PeakLoop(tier, int8)) {
                for (int i = 0; i < PEAK_REPEATS; i++) {
                    long start = System.nanoTime();
                    long macs = loop.run(PEAK_ROUNDS);
                    best = Math.max(best, (double) macs / (System.nanoTime() - start));
                }
            }
            return best;
        }

        double of(DType type) {
            return type.isQ8() ? int8 : type == DType.FLOAT32 ? f32 : 0;
        }
    }

    /** Medians of each layer, in the order of the plan, run one by one on so many threads. */
    static List<LayerTime> layers(Session session, int threads, Peak peak) {
        List<Step> steps = session.plan().steps();
        long[][] nanos = new long[steps.size()][ROUNDS];
        try (WorkerPool pool = new WorkerPool(threads)) {
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                for (int i = 0; i < nanos.length; i++) {
                    long start = System.nanoTime();
                    pool.run(steps.get(i).kernel());
                    nanos[i][Math.max(round, 0)] = System.nanoTime() - start;
                }
            }
        }
        List<LayerTime> layers = new ArrayList<>();
        for (int i = 0; i < nanos.length; i++) {
            Arrays.sort(nanos[i]);
            layers.add(layer(steps.get(i), nanos[i][ROUNDS / 2], threads, peak));
        }
        return layers;
    }

    private static LayerTime layer(Step step, long nanos, int threads, Peak peak) {
        Node node = step.node();
        double limit = node.inputs().isEmpty() ? 0 : threads * peak.of(node.input(0).type().dtype());
        double share = limit == 0 || nanos == 0 ? 0 : node.macs() / (double) nanos / limit;
        long bytes = Stream.concat(node.inputs().stream(), node.outputs().stream()).mapToLong(v -> v.type().bytes()).sum();
        String text = node.op().name() + ' ' + types(node.inputs()) + " -> " + types(node.outputs());
        return new LayerTime(step.kernelName(), text, nanos, node.macs(), share, bytes);
    }

    private static String types(List<Value> values) {
        return values.stream().map(v -> v.type().dtype().label() + v.type().shape()).collect(Collectors.joining(" "));
    }
}
