package ocelli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.model.Models;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.pass.Passes;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.formats.onnx.OnnxWriter;
import ocelli.testkit.OrtOracle;
import ocelli.testkit.OutputDiff;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every real model is written as an ONNX file, which ONNX Runtime and Ocelli itself then run to the graph's own results. */
class OnnxWriterTest {
    private static final int ROUNDS = 3;

    @TempDir
    private Path folder;

    @BeforeAll
    static void oracleIsHere() {
        OrtOracle.require();
    }

    static Stream<OnnxCase> onnxModels() {
        // What last bits do to the network with dynamic quantisation is no matter of the file: OnnxOracleTest looks at its boxes.
        return OnnxCase.all().stream().filter(OnnxCase::isStable);
    }

    static Stream<ModelCase> tfliteModels() {
        // The SSD's post-processing operator is TensorFlow Lite's own.
        return ModelCase.all().stream().filter(m -> !m.file().startsWith("coco_ssd"));
    }

    private interface Feed {
        void fill(List<Tensor> inputs, int round) throws IOException;
    }

    @ParameterizedTest
    @MethodSource("onnxModels")
    void onnxFilesComeBack(OnnxCase model) throws IOException {
        // One step of a dequantised output is 2 % of its range.
        comesBack(model.toString(), model.read().graph(), model::fill, model.step() > 0 ? 0.03 : 1e-3);
    }

    @ParameterizedTest
    @MethodSource("tfliteModels")
    void tfliteFilesBecomeOnnxFiles(ModelCase model) throws IOException {
        comesBack(model.toString(), rounding(Models.read(model.path()).graph()),
                (inputs, round) -> ModelCase.fillWithPhoto(inputs.getFirst(), round), 1e-3);
    }

    /** ONNX has one rule for sums, which is not TensorFlow Lite's: a network of that is held to what its file says. */
    private static Graph rounding(Graph graph) {
        return new Graph(graph.name(), graph.inputs(), graph.outputs(), graph.nodes().stream()
                .map(n -> new Node(n.name(), Binary.Rounding.FLOAT.of(n.op()), n.inputs(), n.outputs())).toList());
    }

    @Test
    void whatOnnxCannotSayIsListed() throws IOException {
        Graph graph = Models.read(ModelCase.all().getFirst().path()).graph();
        Path file = folder.resolve("ssd.onnx");
        UnsupportedModelException e = assertThrows(UnsupportedModelException.class, () -> OnnxWriter.write(graph, file));
        assertEquals(1, e.reasons().size());
        assertTrue(e.reasons().getFirst().contains("DetectionPostProcess"), e::getMessage);
        assertTrue(Files.notExists(file));
    }

    /** What passes fuse into convolutions becomes nodes again. */
    @Test
    void fusedFunctionsComeBack() throws IOException {
        OnnxCase model = OnnxCase.all().stream().filter(m -> m.toString().startsWith("yolox_nano")).findFirst().orElseThrow();
        Graph graph = Passes.apply(model.read().graph(), Passes.standard()).graph();
        assertTrue(graph.nodes().stream().anyMatch(n -> n.op() instanceof Conv2d c && c.activation().function().isPresent()));
        comesBack("fused " + model, graph, model::fill, 1e-3);
    }

    private void comesBack(String name, Graph graph, Feed feed, double limit) throws IOException {
        Path file = folder.resolve("written.onnx");
        OnnxWriter.write(graph, file);
        try (Session session = Session.open(graph, SessionOptions.defaults());
             Session again = Session.open(Models.read(file).graph(), SessionOptions.defaults());
             OrtOracle oracle = OrtOracle.open(file, 1)) {
            OutputDiff[] diffs = {new OutputDiff(0, 0, 0), new OutputDiff(0, 0, 0), new OutputDiff(0, 0, 0), new OutputDiff(0, 0, 0)};
            // What an int8 network rounds otherwise in ONNX Runtime adds up over its sums; on average it stays small.
            boolean quantised = graph.nodes().stream().anyMatch(n -> n.op() instanceof Conv2d && n.output().type().isQuantized8());
            double mean = 0;
            for (int round = 0; round < ROUNDS; round++) {
                feed.fill(session.inputs(), round);
                session.run();
                for (int i = 0; i < session.inputs().size(); i++) {
                    again.inputs().get(i).data().copyFrom(session.inputs().get(i).data());
                }
                again.run();
                List<Tensor> wanted = oracle.run(again.inputs());
                for (int i = 0; i < wanted.size(); i++) {
                    Tensor found = session.outputs().get(i);
                    assertEquals(found.name(), wanted.get(i).name());
                    assertEquals(found.type().shape(), wanted.get(i).type().shape());
                    int at = found.type().dtype() == DType.FLOAT32 ? 0 : 1;
                    mean = Math.max(mean, mean(found, wanted.get(i)));
                    diffs[at] = diffs[at].and(OutputDiff.of(found, wanted.get(i).data().toArray(ValueLayout.JAVA_BYTE)));
                    diffs[at + 2] = diffs[at + 2].and(OutputDiff.of(found, again.outputs().get(i).data().toArray(ValueLayout.JAVA_BYTE)));
                }
            }
            System.out.printf(Locale.ROOT, "written %-70s ONNX Runtime: float %.2g of the range, quantised worst %.0f, over 1: %.3f %%; "
                    + "read again: %.2g, %.0f, %.3f %%%n", name, diffs[0].worst(), diffs[1].worst(), 100 * diffs[1].shareOverOne(),
                    diffs[2].worst(), diffs[3].worst(), 100 * diffs[3].shareOverOne());
            // MoveNet picks its key points by rank inside the graph: one step may choose another place.
            boolean picks = name.startsWith("movenet");
            assertTrue(picks || (quantised ? mean <= 0.02 : diffs[0].worst() <= limit), name + ": float outputs in ONNX Runtime, mean " + mean);
            assertTrue(diffs[2].worst() <= 1e-3, () -> name + ": float outputs when read again");
            assertTrue(diffs[1].shareOverOne() <= 0.02, () -> name + ": quantised outputs in ONNX Runtime");
            assertTrue(diffs[3].shareOverOne() <= 0.02, () -> name + ": quantised outputs when read again");
        }
    }

    /** Mean difference as a share of the range. */
    private static double mean(Tensor found, Tensor wanted) {
        double sum = 0;
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        int n = wanted.type().shape().elements();
        for (int i = 0; i < n; i++) {
            sum += Math.abs(found.get(i) - wanted.get(i));
            low = Math.min(low, wanted.get(i));
            high = Math.max(high, wanted.get(i));
        }
        return sum / n / Math.max(high - low, 1e-6);
    }
}
