package ocelli.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.model.Models;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.pass.Passes;
import ocelli.testkit.GraphInterpreter;
import ocelli.core.run.Session;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Small detectors from float to int8 and back from their files. */
class QuantizerTest {
    @TempDir
    private Path folder;

    /** Boxes and scores from two branches, joined at the end as many exports do. */
    private static Graph detector() {
        Nets net = new Nets(11);
        Value stem = net.add("swish", new Unary(Unary.Kind.SWISH), net.conv("stem", net.input(1, 16, 16, 3), 16, 3, Activation.NONE));
        Value dw = net.depthwise("dw", stem, Activation.RELU);
        Value pw = net.conv("pw", dw, 16, 1, Activation.NONE);
        Value sum = net.add("sum", new Binary(Binary.Kind.ADD, Activation.RELU), stem, pw);
        Value joined = net.add("joined", new Concat(3), sum, dw);
        Value boxes = net.conv("boxes", joined, 4, 1, Activation.NONE);
        Value scores = net.add("sigmoid", new Unary(Unary.Kind.LOGISTIC), net.conv("scores", joined, 3, 1, Activation.NONE));
        Value far = net.add("far", new Binary(Binary.Kind.MUL, Activation.NONE), boxes, net.noise("stride", 300, 4));
        return net.outputs(net.add("out", new Concat(3), far, scores));
    }

    private static QuantizeOptions options(RangeMethod method, double maxDrop, String... exclude) {
        return new QuantizeOptions(method, true, List.of(exclude), maxDrop, Nets.options());
    }

    private static QuantizeResult quantize(Graph graph, QuantizeOptions options) {
        return Quantizer.run(graph, Nets.samples(6), new OutputJudge(graph, Nets.samples(6), options.session()), options, Progress.NONE);
    }

    @ParameterizedTest
    @EnumSource(RangeMethod.class)
    void staysCloseToTheFloatNetwork(RangeMethod method) {
        QuantizeResult result = quantize(detector(), options(method, 1));
        assertEquals(5, result.integerLayers());
        // Entropy does not mind how far off the numbers are that it cuts.
        assertTrue(result.verdict().drop() < (method == RangeMethod.ENTROPY ? 0.015 : 0.005), result.verdict().text());
        double least = method == RangeMethod.ENTROPY ? 17 : 20;
        result.layers().forEach(l -> assertTrue(l.quality().sqnr() > least, l.node().name() + ": " + l.quality()));
    }

    @Test
    void branchesOfTheHeadKeepTheirScales() {
        QuantizeResult result = quantize(detector(), options(RangeMethod.MSE, 1));
        List<Range> ranges = result.layers().stream().filter(l -> List.of("boxes", "scores").contains(l.node().name()))
                .map(l -> result.graph().nodes().stream().filter(n -> n.name().equals(l.node().name())).findFirst().orElseThrow())
                .map(n -> new Range(0, n.output().type().quant().scale())).toList();
        assertNotEquals(ranges.get(0), ranges.get(1));
        Node out = result.graph().nodes().stream().filter(n -> n.name().equals("out")).findFirst().orElseThrow();
        assertFalse(out.output().type().isQuantized8());
    }

    @Test
    void theSameInGivesTheSameBytes() {
        QuantizeOptions options = options(RangeMethod.MSE, 0.0001);
        assertArrayEquals(quantize(detector(), options).onnx(), quantize(detector(), options).onnx());
    }

    @Test
    void theFileRunsAsTheGraphDoes() throws IOException {
        QuantizeResult result = quantize(detector(), options(RangeMethod.MSE, 1));
        Path file = Files.write(folder.resolve("q.onnx"), result.onnx());
        Graph read = Models.read(file).graph();
        Graph planned = Passes.apply(read, Passes.standard()).graph();
        assertEquals(integers(result.graph()), integers(planned));
        try (Session session = Session.open(read, Nets.options())) {
            Nets.samples(9).feed(8, session.inputs());
            byte[] in = session.inputs().getFirst().data().toArray(ValueLayout.JAVA_BYTE);
            session.run();
            assertArrayEquals(GraphInterpreter.run(result.graph(), List.of(in)).getFirst(),
                    session.outputs().getFirst().data().toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /** Operators that run on integers. */
    private static List<String> integers(Graph graph) {
        List<String> names = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node.output().type().isQuantized8() && node.input(0).type().isQuantized8()) {
                names.add(node.op().name());
            }
        }
        names.sort(String::compareTo);
        return names;
    }

    @Test
    void harmfulLayersStayFloat() {
        Graph graph = detector();
        double all = quantize(graph, options(RangeMethod.MINMAX, 1)).verdict().drop();
        QuantizeResult result = quantize(graph, options(RangeMethod.MINMAX, 0.8 * all));
        assertTrue(result.met() && result.verdict().drop() <= 0.8 * all, result.verdict().text());
        assertTrue(result.integerLayers() > 0 && result.integerLayers() < 5, result.integerLayers() + " int8 layers");
        result.layers().forEach(l -> assertEquals(l.integer(), l.reason().isEmpty(), l.node().name()));
        assertTrue(result.notes().getFirst().startsWith("With all layers in int8"), result.notes().toString());
    }

    @Test
    void excludedLayersStayFloat() {
        QuantizeResult result = quantize(detector(), options(RangeMethod.MSE, 1, "p*", "scores"));
        assertEquals(List.of("pw", "scores"), result.layers().stream().filter(l -> !l.integer()).map(l -> l.node().name()).toList());
        assertTrue(result.layers().get(2).reason().contains("excluded"));
        assertThrows(IllegalArgumentException.class, () -> quantize(detector(), options(RangeMethod.MSE, 1, "nobody")));
    }

    @Test
    void aStillLayerIsSaidAndHarmless() {
        Nets net = new Nets(12);
        Value x = net.input(1, 4, 4, 3);
        Value still = net.add("clip", new Unary(Unary.Kind.CLIP, -1000, 0),
                net.add("relu", new Unary(Unary.Kind.RELU), net.conv("a", x, 8, 1, Activation.NONE)));
        Graph graph = net.outputs(net.conv("b", net.add("sum", new Binary(Binary.Kind.ADD, Activation.NONE), still,
                net.conv("c", x, 8, 1, Activation.NONE)), 4, 1, Activation.NONE));
        QuantizeResult result = quantize(graph, options(RangeMethod.MSE, 1));
        assertTrue(result.notes().stream().anyMatch(n -> n.contains("zero on all calibration photos")), result.notes().toString());
        assertTrue(result.verdict().drop() < 0.003, result.verdict().text());
    }

    @Test
    void whatIsQuantisedAlreadyIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("q.onnx"), quantize(detector(), options(RangeMethod.MSE, 1)).onnx());
        Graph again = Models.read(file).graph();
        UnsupportedModelException e = assertThrows(UnsupportedModelException.class, () -> quantize(again, options(RangeMethod.MSE, 1)));
        assertTrue(e.getMessage().contains("quantised already"), e::getMessage);
    }

    @Test
    void aNetworkWithoutWeightsIsRefused() {
        Nets net = new Nets(13);
        Graph graph = net.outputs(net.add("relu", new Unary(Unary.Kind.RELU), net.input(1, 4, 4, 3)));
        assertTrue(assertThrows(UnsupportedModelException.class, () -> quantize(graph, options(RangeMethod.MSE, 1))).getMessage()
                .contains("nothing to quantise"));
    }

    @Test
    void infiniteTensorsAreNamed() {
        Nets net = new Nets(14);
        Value a = net.conv("a", net.input(1, 4, 4, 3), 8, 1, Activation.NONE);
        Graph graph = net.outputs(net.conv("b", net.add("log", new Unary(Unary.Kind.LOG), a), 4, 1, Activation.NONE));
        assertTrue(assertThrows(UnsupportedModelException.class, () -> quantize(graph, options(RangeMethod.MSE, 1))).getMessage()
                .contains("log out"));
    }
}
