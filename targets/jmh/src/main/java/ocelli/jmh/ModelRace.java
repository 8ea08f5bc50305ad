package ocelli.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import ocelli.core.model.Model;
import ocelli.core.model.Models;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.Tensor;
import ocelli.testkit.TfliteOracle;

/**
 * Whole models on Ocelli's kernels and on TensorFlow Lite with XNNPACK, in turns in one process, so that what else the machine
 * does falls on all alike. Prints medians over the rounds and their ratios. Arguments: number of threads, then model files.
 */
public final class ModelRace {
    private static final int ROUNDS = 15;
    private static final long WARM_UP_NANOS = 1_500_000_000L;
    private static final long ROUND_NANOS = 80_000_000L;

    private ModelRace() {
    }

    public static void main(String[] args) throws IOException {
        if (args.length < 2 || !args[0].matches("[1-9][0-9]?")) {
            System.err.println("race: wanted a number of threads and model files");
            System.exit(2);
        }
        int threads = Integer.parseInt(args[0]);
        System.out.printf("%-60s %10s %10s %10s %18s%n", threads + " thread(s), median ms", "native", "vector", "TFLite", "TFLite / native");
        for (String file : Arrays.asList(args).subList(1, args.length)) {
            race(Path.of(file), threads);
        }
    }

    private static void race(Path file, int threads) throws IOException {
        Model model = Models.read(file);
        SessionOptions options = SessionOptions.defaults().withThreads(threads);
        try (Session natives = open(model, options.withProviders(List.of("native", "vector", "reference")));
             Session vector = open(model, options.withProviders(List.of("vector", "reference")));
             TfliteOracle tflite = TfliteOracle.open(file, threads)) {
            tflite.run(natives.inputs());
            Map<String, Runnable> runners = new LinkedHashMap<>();
            runners.put("native", natives::run);
            runners.put("vector", vector::run);
            runners.put("tflite", tflite::invoke);
            runners.values().forEach(r -> nanosPerRun(r, WARM_UP_NANOS));
            Map<String, List<Double>> times = new LinkedHashMap<>();
            for (int round = 0; round < ROUNDS; round++) {
                runners.forEach((name, r) -> times.computeIfAbsent(name, n -> new ArrayList<>()).add(nanosPerRun(r, ROUND_NANOS)));
            }
            double[] ms = times.values().stream().mapToDouble(t -> t.stream().sorted().toList().get(ROUNDS / 2) / 1e6).toArray();
            System.out.printf(Locale.ROOT, "%-60s %10.3f %10.3f %10.3f %18.2f%n", file.getFileName(), ms[0], ms[1], ms[2], ms[2] / ms[0]);
        }
    }

    private static Session open(Model model, SessionOptions options) {
        Session session = Session.open(model.graph(), options);
        for (Tensor in : session.inputs()) {
            LayerGraph.fill(new Random(2), in.type().dtype(), in.data());
        }
        return session;
    }

    private static double nanosPerRun(Runnable runner, long nanos) {
        long start = System.nanoTime();
        long runs = 0;
        do {
            runner.run();
            runs++;
        } while (System.nanoTime() - start < nanos);
        return (System.nanoTime() - start) / (double) runs;
    }
}
