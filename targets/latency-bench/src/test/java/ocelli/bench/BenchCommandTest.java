package ocelli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.OrtOracle;
import ocelli.testkit.SharedData;
import ocelli.testkit.TfliteOracle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command on two small real models, with races too short to say anything about speed. */
class BenchCommandTest {
    @TempDir
    private Path dir;
    private Path vww;
    private Path yunet;

    @BeforeEach
    void models() {
        TfliteOracle.require();
        OrtOracle.require();
        vww = SharedData.model("mlcommons_tiny/vww_96_int8.tflite");
        yunet = SharedData.model("yunet/yunet_n_320_320.onnx");
    }

    @Test
    @SuppressWarnings("unchecked")
    void timesRatiosAndDifferencesAreThere() throws IOException {
        Path json = dir.resolve("all.json");
        BenchRun run = BenchRun.of(vww, yunet, "--threads", "1,2", "--kernels", "vector,reference", "--starts", "0", "--json", json,
                "--markdown", dir.resolve("t.md"), "--plot", dir.resolve("t.svg"));
        assertEquals(0, run.code(), run.err().toString());
        for (String wanted : List.of("p50", "p90", "p99", "best p50", "cpu/run", "vww_96_int8, 1 thread,", "vww_96_int8, 2 threads,",
                "yunet_n_320_320, 2 threads,", "ocelli vector / tflite: ", "ocelli vector / ort: ", "ocelli reference / ocelli vector: ",
                "steps", "of the range")) {
            assertTrue(run.out().contains(wanted), () -> wanted + " in " + run.out());
        }
        Map<String, Object> all = BenchRun.json(json);
        List<Map<String, Object>> models = (List<Map<String, Object>>) all.get("models");
        assertEquals(List.of("vww_96_int8", "yunet_n_320_320"), models.stream().map(m -> m.get("model")).toList());
        for (Map<String, Object> model : models) {
            for (Map<String, Object> race : (List<Map<String, Object>>) model.get("runs")) {
                ratiosFollowFromTheTimes(race);
            }
        }
        String markdown = Files.readString(dir.resolve("t.md"));
        assertTrue(markdown.contains("| model | vector 1t | reference 1t | peer 1t | ratio 1t | reference / vector 1t |"), markdown);
        assertEquals(4, markdown.lines().filter(l -> l.startsWith("|")).count(), markdown);
        assertTrue(Files.readString(dir.resolve("t.svg")).contains("yunet_n_320_320"));
    }

    @SuppressWarnings("unchecked")
    private static void ratiosFollowFromTheTimes(Map<String, Object> race) {
        List<Map<String, Object>> contenders = (List<Map<String, Object>>) race.get("contenders");
        assertEquals(3, contenders.size());
        for (Map<String, Object> c : contenders) {
            assertTrue((double) c.get("p50Millis") <= (double) c.get("p90Millis"));
            assertTrue((double) c.get("p90Millis") <= (double) c.get("p99Millis"));
            assertTrue((double) c.get("runs") >= 30, "three turns of ten runs or more");
        }
        Map<String, Object> ratio = ((List<Map<String, Object>>) race.get("toBestPeer")).getFirst();
        List<Double> ours = (List<Double>) contenders.get(0).get("p50MillisOfTurns");
        List<Double> peer = (List<Double>) contenders.get(2).get("p50MillisOfTurns");
        double[] turns = IntStream.range(0, 3).mapToDouble(i -> ours.get(i) / peer.get(i)).sorted().toArray();
        assertEquals(turns[1], (double) ratio.get("medianRatioOfTurns"), 1e-9);
        double best = ours.stream().min(Double::compare).orElseThrow() / peer.stream().min(Double::compare).orElseThrow();
        assertEquals(best, (double) ratio.get("ratioOfBestTurns"), 1e-9);
        assertEquals(ratio.get((double) race.get("threads") == 1 ? "medianRatioOfTurns" : "ratioOfBestTurns"), ratio.get("ratio"));
        assertEquals(true, ratio.get("sameOutputs"));
    }

    /** A peer as it is, but for its answer. */
    private record Liar(Contender peer) implements Contender {
        @Override
        public String name() {
            return peer.name();
        }

        @Override
        public void run() {
            peer.run();
        }

        @Override
        public List<Tensor> outputs() {
            return peer.outputs().stream().map(Liar::falsify).toList();
        }

        /** Every byte turned around: another sign, exponent or step. */
        private static Tensor falsify(Tensor t) {
            byte[] bytes = t.data().toArray(ValueLayout.JAVA_BYTE);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] ^= 0x44;
            }
            return new Tensor(t.name(), t.type(), MemorySegment.ofArray(bytes));
        }

        @Override
        public void close() {
            peer.close();
        }
    }

    private static Contender liar(Peer peer, Path file, int threads, List<Tensor> inputs, List<TensorType> outputs) {
        return new Liar(peer.open(file, threads, inputs, outputs));
    }

    @Test
    @SuppressWarnings("unchecked")
    void aWrongAnswerHasNoRatioAndIsNoSuccess() throws IOException {
        for (Path model : List.of(vww, yunet)) {
            Path json = dir.resolve("refused.json");
            BenchRun run = BenchRun.of(Map.of(), BenchCommandTest::liar, model, "--starts", "0", "--kernels", "vector",
                    "--json", json);
            assertEquals(1, run.code(), run.out());
            assertTrue(run.out().contains("REFUSED, the outputs are not the same"), run.out());
            assertFalse(run.out().contains("median of the turns"), run.out());
            Map<String, Object> found = ((List<Map<String, Object>>) BenchRun.json(json).get("models")).getFirst();
            Map<String, Object> race = ((List<Map<String, Object>>) found.get("runs")).getFirst();
            Map<String, Object> ratio = ((List<Map<String, Object>>) race.get("toBestPeer")).getFirst();
            assertEquals(false, ratio.get("sameOutputs"));
            assertFalse(ratio.containsKey("ratio") || ratio.containsKey("medianRatioOfTurns") || ratio.containsKey("ratioOfBestTurns"));
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void firstInferencesAreThoseOfFreshProcesses() throws IOException {
        Path json = dir.resolve("starts.json");
        String product = String.join("\n", Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                "ocelli.cli.Main");
        BenchRun run = BenchRun.of(Map.of(BenchCommand.PRODUCT_VARIABLE, product), Peer::open, vww, yunet, "--starts", "1",
                "--kernels", "vector", "--json", json);
        assertEquals(0, run.code(), run.err().toString());
        assertTrue(run.out().contains("starts: java -XX:+UseSerialGC\n") && run.out().contains("RSS MB"), run.out());
        for (Map<String, Object> model : (List<Map<String, Object>>) BenchRun.json(json).get("models")) {
            Map<String, Map<String, Object>> starts = (Map<String, Map<String, Object>>) model.get("starts");
            assertEquals(2, starts.size(), starts.toString());
            starts.forEach((name, start) -> {
                double all = (double) start.get("firstInferenceMillis");
                assertTrue(all >= (double) start.get("loadMillis") + (double) start.get("firstRunMillis"), () -> name + start);
                assertTrue((double) start.get("peakRssBytes") >= (double) start.get("rssBytes"), name);
                assertTrue((double) start.get("rssBytes") > 0, name);
            });
        }
    }

    @Test
    void aPeerThatCannotReadTheFileIsLeftOut() {
        BenchRun run = BenchRun.of(vww, "--peers", "ort,tflite", "--starts", "0", "--kernels", "vector");
        assertEquals(0, run.code());
        assertEquals(List.of("ocelli: " + vww + ": ONNX Runtime does not read tflite files and is left out"), run.err());
        assertTrue(run.out().contains("ocelli vector / tflite"));
        assertFalse(BenchRun.of(vww, "--peers", "none", "--starts", "0", "--kernels", "vector").out().contains(" / tflite"));
    }

    @Test
    void aPeerThatRefusesTheFileIsLeftOut() {
        BenchRun run = BenchRun.of(Map.of(), (peer, file, threads, inputs, outputs) -> {
            throw new IllegalArgumentException("it refuses");
        }, vww, "--starts", "0", "--kernels", "vector");
        assertEquals(0, run.code());
        assertEquals(List.of("ocelli: " + vww + ": it refuses; TensorFlow Lite is left out"), run.err());
        assertFalse(run.out().contains(" / tflite"), run.out());
    }

    @Test
    void targetsAreMeasuredWhereTheirModelsAre() throws IOException {
        Path folder = Files.createDirectories(dir.resolve("models/mlcommons_tiny"));
        Files.copy(vww, folder.resolve(vww.getFileName()));
        BenchRun run = BenchRun.of("--targets", folder.getParent(), "--starts", "0", "--kernels", "vector,reference",
                "--markdown", dir.resolve("t.md"));
        assertEquals(3, run.code(), "other models of the list are missing");
        assertTrue(run.err().stream().allMatch(l -> l.endsWith(": no such file; it is not measured")), run.err().toString());
        List<String> lines = run.out().lines().toList();
        assertTrue(lines.stream().anyMatch(l -> l.matches("ratio +vww_96_int8 +[0-9.]+ +≤ 0.85 .*reached")), run.out());
        assertTrue(lines.stream().anyMatch(l -> l.matches("ratio +yunet_n_320_320 +- +≤ 0.90 +not measured")), run.out());
        assertTrue(lines.stream().anyMatch(l -> l.matches("arena +each, worst vww_96_int8 +[0-9.]+ +≤ 1.10 .*reached")), run.out());
        assertTrue(Files.readString(dir.resolve("t.md")).contains("| ≤ 0.85"));
    }

    @Test
    void theProfileHasEveryLayer() {
        BenchRun run = BenchRun.of(vww, "--profile", "--peers", "none", "--starts", "0", "--kernels", "vector");
        assertEquals(0, run.code(), run.err().toString());
        for (String wanted : List.of("GMAC/s", "DepthwiseConv2d int8[1, 48, 48, 8]", "all layers")) {
            assertTrue(run.out().contains(wanted), run.out());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "2 | found no model, wanted MODEL… or --targets DIR | --starts 0",
            "2 | --peers: found 'ncnn', wanted one or more of ort,tflite, or none | MODEL --peers ort,ncnn",
            "2 | --peers: found a name twice | MODEL --peers ort,ort",
            "2 | --threads is 0, wanted 1…64 | MODEL --threads 0",
            "2 | --threads: found a number twice | MODEL --threads 1,1",
            "2 | --kernels: found 'gpu', wanted one or more of native,vector,reference | MODEL --kernels gpu",
            "2 | --starts is 101, wanted 0…100 | MODEL --starts 101",
            "2 | Invalid value for option '--turn' | MODEL --turn soon",
            "2 | found no folder, wanted one with the models | --targets DIR/none",
            "2 | its folder does not exist | MODEL --starts 0 --json DIR/none/x.json",
            "2 | found a folder, wanted a file | MODEL --starts 0 --plot DIR",
            "3 | none.tflite: no such file, wanted a model file | DIR/none.tflite --starts 0",
            "4 | none.npy: no such file, wanted an .npy file | MODEL --starts 0 --input DIR/none.npy",
            "1 | the variable OCELLI_PRODUCT does not say how the product is started; use the launcher, or --starts 0 | MODEL"})
    void aWrongCallIsOneLineAndItsExitCode(int code, String message, String call) {
        BenchRun run = BenchRun.of((Object[]) call.replace("MODEL", vww.toString()).replace("DIR", dir.toString()).split(" "));
        assertEquals(code, run.code(), run.err().toString());
        assertEquals(1, run.err().size(), run.err().toString());
        assertTrue(run.err().getFirst().startsWith("ocelli: ") && run.err().getFirst().contains(message), run.err().toString());
    }
}
