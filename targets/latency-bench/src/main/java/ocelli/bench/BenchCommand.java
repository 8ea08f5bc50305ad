package ocelli.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import ocelli.cli.AtomicFiles;
import ocelli.cli.CommandFailure;
import ocelli.cli.Context;
import ocelli.cli.ExitCode;
import ocelli.cli.KernelOptions;
import ocelli.cli.ShapeOptions;
import ocelli.cli.Verb;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.model.Model;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocelli bench}: Ocelli and other runtimes on the same models, in turns in one process. */
@Command(name = "bench", sortOptions = false, description = {
        "Times Ocelli and other runtimes in turns on the same inputs, and compares their outputs.",
        "A ratio is Ocelli's time divided by the best peer's: below 1 Ocelli is faster. It is not printed, and the exit code is 1, when "
        + "the outputs differ: floats by more than 1/1000 of their range, quantised ones by more than 2 steps (ONNX: 1 step in the mean)."})
final class BenchCommand implements Verb {
    /** The command that starts the product, one word a line; the launcher hands it over. */
    static final String PRODUCT_VARIABLE = "OCELLI_PRODUCT";
    private static final int MOST_THREADS = 64;

    private final Context context;
    private final Bench.Opener opener;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", arity = "0..*", description = "Model files.")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--targets", paramLabel = "DIR", description = "Measure the models that we hold ourselves to, below this folder; say "
            + "which ratios are reached.")
    private Path targets;

    @Option(names = "--peers", split = ",", paramLabel = "NAME", description = "Runtimes to compare with: ort, tflite; none for none. "
            + "Default: whichever reads the file.")
    private List<String> peers;

    @Option(names = "--threads", split = ",", paramLabel = "N", description = "Numbers of threads, one race each. Default: 1.")
    private List<Integer> threads = List.of(1);

    @Option(names = "--kernels", split = ",", paramLabel = "NAME", description = "Ocelli's kernels: native, vector, reference. All are "
            + "compared with the peers, the second and third with the first too. Default: the fastest that work.")
    private List<String> kinds;

    @Option(names = "--warm-up", paramLabel = "MS", description = "Warm-up of each in milliseconds, repeated while it gets faster. "
            + "Default: ${DEFAULT-VALUE}.")
    private int warmUp = RaceSettings.DEFAULT.warmUpMillis();

    @Option(names = "--repeats", paramLabel = "N", description = "Turns of each. Default: ${DEFAULT-VALUE}.")
    private int repeats = RaceSettings.DEFAULT.repeats();

    @Option(names = "--turn", paramLabel = "MS", description = "Least length of a turn in milliseconds. Default: ${DEFAULT-VALUE}.")
    private int turn = RaceSettings.DEFAULT.turnMillis();

    @Option(names = "--starts", paramLabel = "N", description = "Fresh processes for the first inference of each; 0 for none. "
            + "Default: ${DEFAULT-VALUE}.")
    private int starts = 5;

    @Option(names = "--input", paramLabel = "F", description = "NumPy file for the first input. "
            + "Default: random bytes, or floats from 0 to 1.")
    private Path input;

    @Option(names = "--seed", paramLabel = "N", description = "Of random inputs. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    private final ShapeOptions shapeOptions = new ShapeOptions();

    @Option(names = "--profile", description = "Time each layer of the first kernels too, beside the processor's peak.")
    private boolean profile;

    @Option(names = "--json", paramLabel = "F", description = "Write all figures to this file.")
    private Path json;

    @Option(names = "--plot", paramLabel = "F", description = "Draw the ratios as bars into this SVG file.")
    private Path plot;

    @Option(names = "--markdown", paramLabel = "F", description = "Write a table for a README to this file.")
    private Path markdown;

    BenchCommand(Context context) {
        this(context, Peer::open);
    }

    /** With other ways to open peers, for tests. */
    BenchCommand(Context context, Bench.Opener opener) {
        this.context = context;
        this.opener = opener;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec made = CommandSpec.forAnnotatedObject(this);
        shapeOptions.addTo(made);
        return made;
    }

    @Override
    public Integer call() throws IOException {
        List<Peer> asked = peers();
        check();
        List<String> order = kinds();
        List<Targets.Target> list = targets == null ? List.of() : Targets.all();
        Map<Path, Model> models = models(list);
        Path folder = Files.createTempDirectory("ocelli-bench");
        try {
            Optional<Starts> starting = starts(folder);
            Environment environment = Environment.of(context, asked);
            String starter = starting.map(s -> "starts: java " + String.join(" ", s.javaOptions()) + "\n").orElse("");
            context.out().print(environment.text() + "\n" + starter + "\n");
            RaceSettings race = new RaceSettings(warmUp, repeats, turn);
            Bench bench = new Bench(new Bench.Settings(order, asked, threads, race, profile, starting, peers != null, shapeOptions.words()),
                    folder, opener, context::message);
            List<ModelResult> results = measure(bench, models);
            List<TargetResult> reached = list.stream().map(t -> TargetResult.of(t, targets, results)).toList();
            if (!list.isEmpty()) {
                context.out().print(TextReport.reached(reached));
            }
            write(new JsonReport(environment, spec.commandLine().getParseResult().originalArgs(), race,
                    starting.map(Starts::javaOptions).orElse(List.of()), results, reached));
            boolean missing = list.stream().anyMatch(t -> !t.each() && !models.containsKey(targets.resolve(t.file())));
            return code(results, missing || results.size() < models.size()).value();
        } finally {
            delete(folder);
        }
    }

    private static ExitCode code(List<ModelResult> results, boolean missing) {
        return !results.stream().allMatch(ModelResult::accepted) ? ExitCode.OTHER : missing ? ExitCode.MODEL : ExitCode.FINE;
    }

    private List<ModelResult> measure(Bench bench, Map<Path, Model> models) throws IOException {
        List<ModelResult> results = new ArrayList<>();
        for (Map.Entry<Path, Model> model : models.entrySet()) {
            List<Tensor> inputs = BenchInputs.random(model.getValue().graph(), seed);
            if (input != null) {
                inputs = BenchInputs.withFirst(inputs, input);
            }
            try {
                ModelResult result = bench.measure(model.getKey(), model.getValue(), inputs);
                context.out().print(TextReport.of(result));
                results.add(result);
            } catch (UnsupportedModelException e) {
                context.message(model.getKey() + ": " + e.getMessage());
            }
        }
        return results;
    }

    /** The models that are named, which must be there, then those of the list that are there. */
    private Map<Path, Model> models(List<Targets.Target> list) {
        Map<Path, Model> models = new LinkedHashMap<>();
        for (Path file : files) {
            models.put(file, shapeOptions.read(file));
        }
        for (String name : list.stream().filter(t -> !t.each()).map(Targets.Target::file).distinct().toList()) {
            Path file = targets.resolve(name);
            if (Files.isRegularFile(file)) {
                models.put(file, shapeOptions.read(file));
            } else {
                context.message(file + ": no such file; it is not measured");
            }
        }
        return models;
    }

    private void write(JsonReport report) throws IOException {
        if (json != null) {
            AtomicFiles.write(json, report.text().getBytes(StandardCharsets.UTF_8));
        }
        if (plot != null) {
            AtomicFiles.write(plot, BarChart.of(report.models(), report.targets()).svg().getBytes(StandardCharsets.UTF_8));
        }
        if (markdown != null) {
            AtomicFiles.write(markdown, MarkdownReport.of(report).getBytes(StandardCharsets.UTF_8));
        }
    }

    private void check() {
        if (files.isEmpty() && targets == null) {
            throw usage("found no model, wanted MODEL… or --targets DIR");
        }
        if (targets != null && !Files.isDirectory(targets)) {
            throw usage("--targets " + targets + ": found no folder, wanted one with the models");
        }
        range("--warm-up", warmUp, 1, 60_000);
        range("--repeats", repeats, 1, 1000);
        range("--turn", turn, 1, 60_000);
        range("--starts", starts, 0, 100);
        threads.forEach(n -> range("--threads", n, 1, MOST_THREADS));
        if (new HashSet<>(threads).size() < threads.size()) {
            throw usage("--threads: found a number twice in " + threads);
        }
        Stream.of(json, plot, markdown).filter(f -> f != null).forEach(file -> {
            Path parent = file.toAbsolutePath().getParent();
            if (Files.isDirectory(file) || !Files.isDirectory(parent)) {
                throw usage(file + ": " + (Files.isDirectory(file) ? "found a folder, wanted a file" : "its folder does not exist"));
            }
        });
    }

    private void range(String option, int value, int low, int high) {
        if (value < low || value > high) {
            throw usage(option + " is " + value + ", wanted " + low + "…" + high);
        }
    }

    private List<Peer> peers() {
        if (peers == null) {
            return List.of(Peer.values());
        }
        List<Peer> found = new ArrayList<>();
        for (String name : peers.equals(List.of("none")) ? List.<String>of() : peers) {
            found.add(Peer.of(name).orElseThrow(() -> usage("--peers: found '" + name + "', wanted one or more of "
                    + String.join(",", Stream.of(Peer.values()).map(Peer::id).toList()) + ", or none")));
        }
        if (new HashSet<>(found).size() < found.size()) {
            throw usage("--peers: found a name twice in " + String.join(",", peers));
        }
        return found;
    }

    private List<String> kinds() {
        List<KernelProvider> found = SessionOptions.discover();
        if (kinds == null) {
            return SessionOptions.DEFAULT_ORDER.stream()
                    .filter(k -> found.stream().anyMatch(p -> p.name().equals(k) && p.availability().usable())).limit(1).toList();
        }
        for (String kind : kinds) {
            if (!SessionOptions.DEFAULT_ORDER.contains(kind)) {
                throw usage("--kernels: found '" + kind + "', wanted one or more of " + String.join(",", SessionOptions.DEFAULT_ORDER));
            }
            KernelOptions.requireUsable(kind, found);
        }
        if (new HashSet<>(kinds).size() < kinds.size()) {
            throw usage("--kernels: found a kind twice in " + String.join(",", kinds));
        }
        return kinds;
    }

    private Optional<Starts> starts(Path folder) {
        Optional<String> product = context.variable(PRODUCT_VARIABLE);
        if (starts > 0 && product.isEmpty()) {
            throw new CommandFailure(ExitCode.OTHER, "the variable " + PRODUCT_VARIABLE + " does not say how the product is started; "
                    + "use the launcher, or --starts 0");
        }
        return starts == 0 ? Optional.empty() : Optional.of(new Starts(product.orElseThrow().lines().toList(), folder, starts));
    }

    private ParameterException usage(String text) {
        return new ParameterException(spec.commandLine(), text);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
