package ocelli.bench;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import ocelli.bench.ModelResult.Start;
import ocelli.cli.CommandFailure;
import ocelli.cli.ExitCode;
import ocelli.cli.Npy;
import ocelli.cli.StartFigures;
import ocelli.cli.Text;
import ocelli.core.tensor.Tensor;

/**
 * First inferences in fresh processes, in turns. Ocelli's is the product's own command {@code run}, with a start-up cache that is made
 * of the same run before, as {@code ocelli aot run} does; a peer's is {@link PeerStart}, which does nothing but load and run, under the
 * same options of Java, with its library where it need not be unpacked.
 */
final class Starts {
    private static final int TIMEOUT_SECONDS = 120;
    /** Options about archives of the product's classes. */
    private static final String OF_JARS = "-XX:[+-]?(AOT|Shared|Archive|AutoCreate).*|-Xshare.*|-Xlog.*";
    /** Options about the launcher's own start-up cache. */
    private static final String OF_CACHE = "-XX:AOT.*|-Xlog:(aot|cds)=off";
    /** The launcher's word for a start without the Vector API, which alone can have a start-up cache. */
    private static final String LEAN = "-Docelli.lean=true";
    /** Jars that a peer's process needs beside the peer's own. */
    private static final List<String> COMMON_JARS = List.of("ocelli-latency-bench", "ocelli-testkit", "ocelli-core",
            "ocelli-cli", "javacpp");

    private final List<String> product;
    private final Path folder;
    private final int times;

    /**
     * @param product words of the command that starts Ocelli: Java, its options, the main class or module
     * @param folder  for files that the processes share
     * @param times   processes of each kind
     */
    Starts(List<String> product, Path folder, int times) {
        this.product = List.copyOf(product);
        this.folder = folder;
        this.times = times;
    }

    /** The options of Java that all processes have: the product's, without those about its own classes. */
    List<String> javaOptions() {
        return product.stream().skip(1).filter(w -> w.startsWith("-X") && !w.matches(OF_JARS) || w.startsWith("-D")).toList();
    }

    /** The command of Ocelli's verb {@code run}. @param shapes words such as {@code --shape images=1x3x320x320} */
    List<String> ocelli(Path model, String kind, int threads, List<Tensor> inputs, List<String> shapes) throws IOException {
        List<String> call = new ArrayList<>(List.of("run", "--model", model.toString(), "--kernels", kind, "--threads",
                Integer.toString(threads), "--startup"));
        call.addAll(shapes);
        for (int i = 0; i < inputs.size(); i++) {
            Tensor t = inputs.get(i);
            Path file = folder.resolve("input" + i + ".npy");
            Files.write(file, new Npy(t.type().dtype(), t.type().shape(), t.data().toArray(ValueLayout.JAVA_BYTE)).bytes());
            call.addAll(List.of("--input", t.name() + "=" + file));
        }
        call.addAll(List.of("--output-dir", folder.resolve("outputs").toString()));
        // The launcher's command leaves the Vector API's module out, and says so by this property, where native kernels do without it.
        if (kind.equals("vector")) {
            return joined(withVectors(), call);
        }
        return product.contains(LEAN) ? joined(cached(call), call) : joined(product, call);
    }

    private static List<String> joined(List<String> java, List<String> call) {
        return Stream.concat(java.stream(), call.stream()).toList();
    }

    /** The product's command with a cache that this very call makes now. */
    private List<String> cached(List<String> call) throws IOException {
        List<String> plain = product.stream().filter(w -> !w.matches(OF_CACHE)).toList();
        Path cache = folder.resolve("start.aot");
        Files.deleteIfExists(cache);
        List<String> record = new ArrayList<>(plain);
        record.addAll(1, List.of("-XX:AOTCacheOutput=" + cache, "-Xlog:aot=off"));
        output(joined(record, call));
        if (!Files.exists(cache)) {
            return plain;
        }
        List<String> words = new ArrayList<>(plain);
        words.addAll(1, List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off"));
        return words;
    }

    private List<String> withVectors() {
        List<String> words = new ArrayList<>(product.stream().filter(w -> !w.matches(OF_CACHE) && !w.equals(LEAN)).toList());
        words.addAll(1, List.of("--add-modules", "jdk.incubator.vector"));
        return words;
    }

    /** The command of a peer's process. */
    List<String> peer(Peer peer, Path model, int threads, List<Tensor> inputs) throws IOException {
        List<String> words = new ArrayList<>(List.of(product.getFirst()));
        words.addAll(javaOptions());
        words.add("--enable-native-access=ALL-UNNAMED");
        if (peer == Peer.ORT) {
            words.add("-Donnxruntime.native.path=" + ortLibraries());
        }
        words.addAll(List.of("-cp", classPath(peer), PeerStart.class.getName(), peer.id(), model.toString(), Integer.toString(threads)));
        for (int i = 0; i < inputs.size(); i++) {
            Tensor t = inputs.get(i);
            Path file = folder.resolve("input" + i + ".raw");
            Files.write(file, t.data().toArray(ValueLayout.JAVA_BYTE));
            words.addAll(PeerStart.words(t, file));
        }
        return words;
    }

    /** Starts each of the named commands in turns, and gives each its medians. */
    Map<String, Start> inTurns(Map<String, List<String>> commands) throws IOException {
        Map<String, List<Double>> millis = new LinkedHashMap<>();
        Map<String, List<StartFigures>> figures = new LinkedHashMap<>();
        for (int i = 0; i < times; i++) {
            for (Map.Entry<String, List<String>> command : commands.entrySet()) {
                long start = System.nanoTime();
                StartFigures f = StartFigures.parse(output(command.getValue()));
                millis.computeIfAbsent(command.getKey(), k -> new ArrayList<>()).add((f.clockNanos() - start) / 1e6);
                figures.computeIfAbsent(command.getKey(), k -> new ArrayList<>()).add(f);
            }
        }
        Map<String, Start> starts = new LinkedHashMap<>();
        commands.keySet().forEach(name -> starts.put(name, median(millis.get(name), figures.get(name))));
        return starts;
    }

    private Start median(List<Double> millis, List<StartFigures> figures) {
        millis.sort(null);
        return new Start(millis.get(times / 2), new StartFigures(median(figures, StartFigures::loadNanos),
                median(figures, StartFigures::runNanos), 0, median(figures, StartFigures::rssBytes),
                median(figures, StartFigures::peakBytes)));
    }

    private static long median(List<StartFigures> figures, ToLongFunction<StartFigures> figure) {
        return figures.stream().mapToLong(figure).sorted().toArray()[figures.size() / 2];
    }

    private String output(List<String> words) throws IOException {
        Path out = folder.resolve("out.txt");
        Path errors = folder.resolve("errors.txt");
        Process process = new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(errors.toFile()).start();
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new CommandFailure(ExitCode.OTHER, "a process started for its first inference failed: "
                        + String.join(" ", words) + ": " + Text.oneLine(Files.readString(errors)));
            }
            return Files.readString(out);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.OTHER, "interrupted while a process made its first inference", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** ONNX Runtime's libraries as files: unpacking them at each start would cost it some 100 ms. */
    private Path ortLibraries() throws IOException {
        Path dir = Files.createDirectories(folder.resolve("onnxruntime"));
        String platform = System.getProperty("os.arch").equals("aarch64") ? "linux-aarch64" : "linux-x64";
        for (String name : List.of("libonnxruntime.so", "libonnxruntime4j_jni.so")) {
            Path file = dir.resolve(name);
            String resource = "/ai/onnxruntime/native/" + platform + "/" + name;
            if (!Files.exists(file)) {
                try (InputStream in = ai.onnxruntime.OrtEnvironment.class.getResourceAsStream(resource)) {
                    if (in == null) {
                        throw new IOException("ONNX Runtime's jar has no " + resource);
                    }
                    Files.copy(in, file);
                }
            }
        }
        return dir;
    }

    /** This process's, without jars that the peer does not need: Java looks into them one after the other. */
    private static String classPath(Peer peer) {
        return String.join(File.pathSeparator, Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> {
                    String name = Path.of(entry).getFileName().toString();
                    return !name.endsWith(".jar") || name.startsWith(peer.jar()) || COMMON_JARS.stream().anyMatch(name::startsWith);
                }).toList());
    }
}
