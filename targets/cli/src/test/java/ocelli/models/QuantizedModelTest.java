package ocelli.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import ocelli.compress.OutputJudge;
import ocelli.compress.Progress;
import ocelli.compress.QuantizeOptions;
import ocelli.compress.QuantizeResult;
import ocelli.compress.Quantizer;
import ocelli.compress.RangeMethod;
import ocelli.compress.Samples;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Value;
import ocelli.core.model.Models;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.Tensor;
import ocelli.formats.onnx.OnnxWriter;
import ocelli.testkit.GraphInterpreter;
import ocelli.testkit.OrtOracle;
import ocelli.testkit.OutputDiff;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real detectors quantised here: the file gives the bits of the reference kernels, and ONNX Runtime's within a step. */
class QuantizedModelTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void oracleIsHere() {
        OrtOracle.require();
    }

    static Stream<OnnxCase> models() {
        return named("version-RFB-320.onnx", "yunet_n_320_320.onnx", "FastestDet.onnx", "picodet_s_320_coco.onnx");
    }

    /** A single step becomes a hundred on the way (YOLOX), or operators are joined around float ones (NanoDet): one by one. */
    static Stream<OnnxCase> restless() {
        return named("nanodet_m.onnx", "yolox_nano.onnx");
    }

    private static Stream<OnnxCase> named(String... names) {
        return OnnxCase.all().stream().filter(m -> List.of(names).contains(m.toString()));
    }

    private static QuantizeResult quantize(Graph source, Samples photos) {
        return Quantizer.run(source, photos, new OutputJudge(source, photos, SessionOptions.defaults()),
                new QuantizeOptions(RangeMethod.MSE, true, List.of(), 1, SessionOptions.defaults()), Progress.NONE);
    }

    private static Samples photos(OnnxCase model) {
        return new Samples() {
            @Override
            public int size() {
                return OnnxCase.photos();
            }

            @Override
            public void feed(int index, List<Tensor> inputs) {
                try {
                    model.fill(inputs, index);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    @ParameterizedTest
    @MethodSource("models")
    void runsAlikeEverywhere(OnnxCase model) throws IOException {
        Graph source = model.read().graph();
        Samples photos = photos(model);
        QuantizeResult result = quantize(source, photos);
        Path file = Files.write(folder.resolve("q.onnx"), result.onnx());
        // The bytes where the integers end, as outputs of their own.
        Path bytes = folder.resolve("bytes.onnx");
        Graph ends = ends(result.graph());
        OnnxWriter.write(ends, bytes);
        OutputDiff diff = new OutputDiff(0, 0, 0);
        try (Session session = Session.open(Models.read(file).graph(), SessionOptions.defaults());
             Session integers = Session.open(ends, SessionOptions.defaults());
             OrtOracle oracle = OrtOracle.open(bytes, 1)) {
            for (int photo = 0; photo < OnnxCase.photos(); photo++) {
                photos.feed(photo, session.inputs());
                photos.feed(photo, integers.inputs());
                session.run();
                integers.run();
                // The reference kernels take seconds for the larger ones.
                if (photo == 0 && Files.size(model.path()) < 2_000_000) {
                    List<byte[]> reference = GraphInterpreter.run(ends,
                            List.of(session.inputs().getFirst().data().toArray(ValueLayout.JAVA_BYTE)));
                    for (int i = 0; i < reference.size(); i++) {
                        assertArrayEquals(reference.get(i), integers.outputs().get(i).data().toArray(ValueLayout.JAVA_BYTE));
                    }
                }
                List<Tensor> wanted = oracle.run(integers.inputs());
                for (int i = 0; i < wanted.size(); i++) {
                    diff = diff.and(OutputDiff.of(integers.outputs().get(i), wanted.get(i).data().toArray(ValueLayout.JAVA_BYTE)));
                }
                sameOutputs(result.graph(), session);
            }
        }
        System.out.printf(Locale.ROOT, "quantised %s: %d outputs, worst %.0f steps from ONNX Runtime, over 1: %.4f %%%n",
                model, diff.elements(),
                diff.worst(), 100 * diff.shareOverOne());
        assertTrue(diff.elements() > 10_000 && diff.shareOverOne() <= 0.001, diff.toString());
    }

    @ParameterizedTest
    @MethodSource("restless")
    void operatorsGiveTheSameOfTheSame(OnnxCase model) throws IOException {
        Samples photos = photos(model);
        Graph graph = quantize(model.read().graph(), photos).graph();
        List<Node> integers = graph.nodes().stream()
                .filter(n -> n.outputs().size() == 1 && n.output().type().isQuantized8() && !(n.op() instanceof Quantize)).toList();
        List<Value> shown = Stream.concat(integers.stream().flatMap(n -> n.inputs().stream()).filter(v -> !v.isConstant()),
                integers.stream().map(Node::output)).distinct().toList();
        OutputDiff diff = new OutputDiff(0, 0, 0);
        try (Session session = Session.open(new Graph(graph.name(), graph.inputs(), shown, graph.nodes()), SessionOptions.defaults())) {
            photos.feed(0, session.inputs());
            session.run();
            for (Node node : integers) {
                List<Value> inputs = node.inputs().stream().filter(v -> !v.isConstant()).distinct().toList();
                Path one = folder.resolve("one.onnx");
                OnnxWriter.write(new Graph("one", inputs, node.outputs(), List.of(node)), one);
                try (OrtOracle oracle = OrtOracle.open(one, 1)) {
                    Tensor wanted = oracle.run(inputs.stream().map(v -> renamed(v, session.outputs().get(shown.indexOf(v)))).toList())
                            .getFirst();
                    diff = diff.and(OutputDiff.of(session.outputs().get(shown.indexOf(node.output())),
                            wanted.data().toArray(ValueLayout.JAVA_BYTE)));
                }
            }
        }
        System.out.printf(Locale.ROOT, "quantised %s, one operator at a time: %d numbers, worst %.0f steps, over 1: %.4f %%%n", model,
                diff.elements(), diff.worst(), 100 * diff.shareOverOne());
        assertTrue(integers.size() > 80 && diff.shareOverOne() <= 0.001, diff.toString());
    }

    private static Tensor renamed(Value v, Tensor t) {
        return new Tensor(v.name(), t.type(), t.data());
    }

    /** The network as read from its file gives what the network gives that was written. */
    private static void sameOutputs(Graph written, Session read) {
        try (Session session = Session.open(written, SessionOptions.defaults())) {
            session.inputs().getFirst().data().copyFrom(read.inputs().getFirst().data());
            session.run();
            for (int i = 0; i < session.outputs().size(); i++) {
                assertEquals(-1, session.outputs().get(i).data().mismatch(read.outputs().get(i).data()), session.outputs().get(i).name());
            }
        }
    }

    private static Graph ends(Graph graph) {
        List<Value> ends = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Dequantize) {
                ends.add(node.input(0));
            }
        }
        return new Graph(graph.name(), graph.inputs(), ends, graph.nodes());
    }
}
