package ocelli.formats.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvInteger;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.model.Model;
import ocelli.core.model.Models;
import ocelli.core.model.ReadOptions;
import ocelli.core.tensor.Shape;
import ocelli.testkit.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Real files against facts that other programs and publications state; see {@code facts.txt}. */
class OnnxGoldenFactsTest {
    /** The facts of one file: its path below the models and one line for each fact. */
    record Facts(String file, List<String> lines) {
        @Override
        public String toString() {
            return file;
        }
    }

    static List<Facts> facts() throws IOException {
        try (InputStream in = OnnxGoldenFactsTest.class.getResourceAsStream("facts.txt")) {
            assertNotNull(in);
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("\n\n")).skip(1).map(block -> block.strip().lines().toList())
                    .map(lines -> new Facts(lines.getFirst(), lines.subList(1, lines.size()))).toList();
        }
    }

    private static Model read(String file) throws IOException {
        return Models.read(SharedData.model(file), file.contains("dynamic")
                ? new ReadOptions(Map.of("", Shape.of(1, 3, 320, 320)), Map.of()) : ReadOptions.NONE);
    }

    @Test
    void everyFileInScopeHasFacts() throws IOException {
        assertEquals(OnnxRealModels.FILES.stream().sorted().toList(), facts().stream().map(Facts::file).sorted().toList());
    }

    @ParameterizedTest
    @MethodSource("facts")
    void factsOf(Facts facts) throws IOException {
        Model model = read(facts.file);
        assertEquals("onnx", model.format());
        List<String> found = describe(model.graph());
        for (int i = 0; i < facts.lines.size(); i++) {
            // A size that the file leaves open may be any.
            String wanted = facts.lines.get(i);
            String pattern = ("\\Q" + wanted + "\\E").replace("?", "\\E\\d+\\Q");
            assertTrue(i < found.size() && found.get(i).matches(pattern), () -> "wanted " + wanted + " in " + found);
        }
    }

    private static List<String> describe(Graph graph) {
        List<String> lines = new ArrayList<>();
        graph.inputs().forEach(v -> lines.add("input " + describe(v)));
        graph.outputs().forEach(v -> lines.add("output " + describe(v)));
        long depthwise = graph.nodes().stream().filter(n -> n.op() instanceof DepthwiseConv2d).count();
        long others = graph.nodes().stream().filter(n -> n.op() instanceof Conv2d || n.op() instanceof ConvInteger).count();
        lines.add("convolutions " + others + " depthwise " + depthwise);
        lines.add("parameters " + graph.parameters());
        return lines;
    }

    private static String describe(Value v) {
        return v.name() + " " + v.type().dtype().label() + " " + v.type().shape().toString().replace(" ", "");
    }

    /**
     * What the authors of the networks publish: 10⁹ floating-point operations, of which a multiplication and an addition are two,
     * and millions of parameters.
     *
     * @see <a href="https://github.com/Megvii-BaseDetection/YOLOX">YOLOX</a>
     * @see <a href="https://github.com/RangiLyu/nanodet">NanoDet</a>
     * @see <a href="https://github.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB">Ultra-Light-Fast-Generic-Face-Detector</a>
     * @see <a href="https://arxiv.org/abs/1801.04381">MobileNetV2</a>
     */
    @ParameterizedTest
    @CsvSource({"yolox_nano/yolox_nano.onnx, 1.08, 0.91", "nanodet_m/nanodet_m.onnx, 1.2, 0.95", "ultraface/version-RFB-320.onnx, 0.2106, 0.3004",
        "mobilenet_v2_qdq/mobilenet_v2_int8.onnx, 0.60, 3.47"})
    void publishedFigures(String file, double operations, double parameters) throws IOException {
        Graph graph = read(file).graph();
        assertEquals(operations, 2 * graph.macs() / 1e9, 0.06 * operations, "operations");
        // Published figures count the scales of batch normalisation as well.
        assertEquals(parameters, graph.parameters() / 1e6, 0.1 * parameters, "parameters");
    }

    /** The passes that make integer operators want constants, then Dequantize, then the layer. */
    @Test
    void quantisedWeightsAreConstantsBehindADequantize() throws IOException {
        Graph graph = read("mobilenet_v2_qdq/mobilenet_v2_int8.onnx").graph();
        int layers = 0;
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Conv2d || node.op() instanceof DepthwiseConv2d) {
                Node from = graph.nodes().stream().filter(n -> n.outputs().contains(node.input(1))).findFirst().orElseThrow();
                assertTrue(from.op() instanceof Dequantize && from.input(0).isConstant(), () -> node + " reads " + from);
                assertEquals(node.op() instanceof Conv2d ? 0 : 3, from.input(0).type().quant().axis());
                layers++;
            }
        }
        assertEquals(52, layers);
    }
}
