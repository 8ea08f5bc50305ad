package ocelli.formats.tflite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.model.Model;
import ocelli.core.model.ModelMetadata;
import ocelli.core.model.Models;
import ocelli.testkit.CachedAssets;
import ocelli.testkit.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Real files against facts that other programs and publications state; see {@code facts.txt}. */
class GoldenFactsTest {
    /** The facts of one file: its path below the models and one line for each fact. */
    record Facts(String file, List<String> lines) {
        @Override
        public String toString() {
            return file;
        }
    }

    static List<Facts> facts() throws IOException {
        try (InputStream in = GoldenFactsTest.class.getResourceAsStream("facts.txt")) {
            assertNotNull(in);
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("\n\n")).skip(1).map(block -> block.strip().lines().toList())
                    .map(lines -> new Facts(lines.get(0), lines.subList(1, lines.size()))).toList();
        }
    }

    @Test
    void everyFileInScopeHasFacts() throws IOException {
        assertEquals(RealModels.FILES.stream().sorted().toList(), facts().stream().map(Facts::file).sorted().toList());
    }

    @ParameterizedTest
    @MethodSource("facts")
    void factsOf(Facts facts) throws IOException {
        assertEquals(String.join("\n", facts.lines), describe(Models.read(SharedData.model(facts.file))));
    }

    /** The two models of the demo, also without the shared data. */
    @ParameterizedTest
    @CsvSource({"ssd_mobilenet_v2_oidv4_fp16.tflite, mediapipe_objectron_npm/object_detection_ssd_mobilenetv2_oidv4_fp16.tflite",
        "face_detection_full_range.tflite, mediapipe_face_npm/face_detection_full_range.tflite"})
    void factsOfTheDemo(String file, String same) throws IOException {
        Facts facts = facts().stream().filter(f -> f.file.equals(same)).findFirst().orElseThrow();
        assertEquals(String.join("\n", facts.lines), describe(Models.read(CachedAssets.file("demo/" + file))));
    }

    private static String describe(Model model) {
        Map<String, Integer> operators = new TreeMap<>();
        model.graph().nodes().forEach(n -> operators.merge(n.op().name(), 1, Integer::sum));
        String counts = operators.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).collect(Collectors.joining(" "));
        return Stream.of(model.graph().inputs().stream().map(v -> "input " + describe(v)),
                        model.graph().outputs().stream().map(v -> "output " + describe(v)),
                        Stream.of("operators " + counts, "parameters " + model.graph().parameters(), "macs " + model.graph().macs()))
                .flatMap(s -> s).collect(Collectors.joining("\n"));
    }

    private static String describe(Value v) {
        String quant = v.type().quant().isNone() ? "" : " " + number(v.type().quant().scale()) + "/" + v.type().quant().zeroPoint();
        return v.name() + " " + v.type().dtype().label() + " " + v.type().shape().toString().replace(" ", "") + quant;
    }

    /** As C's {@code %.9g}, which tells every float from its neighbours. */
    private static String number(float f) {
        return new BigDecimal(f).round(new MathContext(9)).stripTrailingZeros().toPlainString();
    }

    /**
     * What the authors of the networks publish, in millions.
     *
     * @see <a href="https://github.com/tensorflow/models/blob/master/research/slim/nets/mobilenet_v1.md">MobileNet v1 table</a>
     * @see <a href="https://arxiv.org/abs/2106.07597">MLPerf Tiny</a>
     */
    @ParameterizedTest
    @CsvSource({"mobilenet_float/mobilenet_v1_0.25_224_1_default_1.tflite, 41, 0.47", "mobilenet_quant/mobilenet_v1_0.25_128_quant.tflite, 14, 0.47",
        "mobilenet_quant/mobilenet_v2_1.0_224_quant.tflite, 300, 3.47", "mobilenet_quant/tf2_mobilenet_v2_1.0_224_ptq.tflite, 300, 3.47",
        "mlcommons_tiny/pretrainedResnet_quant.tflite, 12.5, 0.078", "mlcommons_tiny/vww_96_int8.tflite, 7.5, 0.21"})
    void publishedFigures(String file, double macs, double parameters) throws IOException {
        Model model = Models.read(SharedData.model(file));
        assertEquals(macs, model.graph().macs() / 1e6, 0.035 * macs, "MACs");
        assertEquals(parameters, model.graph().parameters() / 1e6, 0.02 * parameters, "parameters");
    }

    /** The normalisation and the labels that the file carries. */
    @Test
    void metadata() throws IOException {
        Model model = Models.read(SharedData.model(RealModels.FILES.get(0)));
        ModelMetadata metadata = model.metadata();
        assertEquals(List.of(127.5f), metadata.mean());
        assertEquals(List.of(127.5f), metadata.std());
        assertTrue(metadata.rgb());
        List<String> labels = Files.readAllLines(SharedData.model("coco_ssd_mobilenet_v1_quant/labelmap.txt"));
        assertEquals(90, metadata.labels().size());
        assertEquals(labels.subList(labels.size() - 90, labels.size()), metadata.labels());
        assertEquals(1, model.files().size());
        assertEquals(ModelMetadata.EMPTY, Models.read(SharedData.model(RealModels.FILES.get(1))).metadata());
    }

    /** Weights are not copied until a kernel packs them: constants lie in the mapped file, all but those stored sparse. */
    @ParameterizedTest
    @MethodSource("facts")
    void constantsLieInTheMappedFile(Facts facts) throws IOException {
        assertEquals(facts.file.contains("pose_detection") ? 38 : 0, copies(SharedData.model(facts.file)));
    }

    @Test
    void constantsOfTheDemoModelLieInTheMappedFile() throws IOException {
        assertEquals(0, copies(CachedAssets.file("demo/ssd_mobilenet_v2_oidv4_fp16.tflite")));
    }

    private static long copies(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path); Arena arena = Arena.ofConfined()) {
            MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            Model model = new TfliteReader().read(path, file);
            List<MemorySegment> constants = model.graph().nodes().stream().map(Node::inputs).flatMap(List::stream)
                    .flatMap(v -> v.data().stream()).toList();
            assertFalse(constants.isEmpty());
            assertTrue(constants.stream().allMatch(MemorySegment::isReadOnly));
            return constants.stream().filter(c -> c.address() < file.address() || c.address() + c.byteSize() > file.address() + file.byteSize()).count();
        }
    }
}
