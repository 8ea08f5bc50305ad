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
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real detectors quantised here: the file gives the bits of the reference kernels and ONNX Runtime's bytes, on photos that were
 * calibrated with and on others.
 */
class QuantizedModelTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void oracleIsHere() {
        OrtOracle.require();
    }

    static Stream<OnnxCase> models() {
        return Stream.of("version-RFB-320.onnx", "yunet_n_320_320.onnx", "FastestDet.onnx", "picodet_s_320_coco.onnx", "nanodet_m.onnx",
                "yolox_nano.onnx").map(QuantizedModelTest::named);
    }

    /** With the layers that the command leaves float for the sake of accuracy. */
    static Stream<Arguments> mixed() {
        return Stream.of(Arguments.of(named("nanodet_m.onnx"), List.of("Conv_0#2", "Conv_3#1", "Conv_6#1")),
                Arguments.of(named("yolox_nano.onnx"), List.of("Conv_41#2", "Conv_44#2")));
    }

    private static OnnxCase named(String name) {
        return OnnxCase.all().stream().filter(m -> name.equals(m.toString())).findFirst().orElseThrow();
    }

    private static QuantizeResult quantize(Graph source, Samples photos, List<String> floats) {
        return Quantizer.run(source, photos, new OutputJudge(source, photos, SessionOptions.defaults()),
                new QuantizeOptions(RangeMethod.MSE, true, floats, 1, SessionOptions.defaults()), Progress.NONE);
    }

    /** All but the last two, so that the network meets something new. */
    private static Samples calibration(OnnxCase model) {
        return new Samples() {
            @Override
            public int size() {
                return OnnxCase.photos() - 2;
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
        Samples photos = calibration(model);
        QuantizeResult result = quantize(source, photos, List.of());
        Path file = Files.write(folder.resolve("q.onnx"), result.onnx());
        // The bytes where the integers end, as outputs of their own.
        Path bytes = folder.resolve("bytes.onnx");
        Graph ends = ends(result.graph());
        OnnxWriter.write(ends, bytes);
        OutputDiff diff = new OutputDiff(0, 0, 0);
        OutputDiff reals = diff;
        try (Session session = Session.open(Models.read(file).graph(), SessionOptions.defaults());
             Session integers = Session.open(ends, SessionOptions.defaults());
             OrtOracle oracle = OrtOracle.open(bytes, 1); OrtOracle whole = OrtOracle.open(file, 1)) {
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
                    diff = diff.and(difference(integers.outputs().get(i), wanted.get(i)));
                }
                List<Tensor> outputs = whole.run(session.inputs());
                for (int i = 0; i < outputs.size(); i++) {
                    reals = reals.and(difference(session.outputs().get(i), outputs.get(i)));
                }
                sameOutputs(result.graph(), session);
            }
        }
        System.out.printf(Locale.ROOT, "quantised %s: %d outputs, worst %.0f steps from ONNX Runtime, over 1: %.4f %%; floats %.1e%n",
                model, diff.elements(), diff.worst(), 100 * diff.shareOverOne(), reals.worst());
        assertTrue(diff.elements() > 10_000 && diff.shareOverOne() <= 0.001, diff.toString());
        assertTrue(reals.worst() < 1e-4, reals.toString());
    }

    /**
     * Two runtimes add up a float convolution in two orders, and where the sum lies halfway between two steps a last bit is a step,
     * which every later layer makes more of: a network that begins with float layers gives what it gives up to noise, in ONNX Runtime
     * with and without its optimisations too. From the same bytes behind those layers both make the same.
     */
    @ParameterizedTest
    @MethodSource("mixed")
    void behindFloatLayersTheSameOfTheSame(OnnxCase model, List<String> floats) throws IOException {
        Samples photos = calibration(model);
        Graph graph = quantize(model.read().graph(), photos, floats).graph();
        Cut cut = Cut.of(graph);
        List<Value> seam = cut.back().inputs();
        List<Value> heads = cut.back().outputs();
        Path whole = folder.resolve("whole.onnx");
        Path back = folder.resolve("back.onnx");
        Graph shown = new Graph(graph.name(), graph.inputs(), Stream.concat(seam.stream(), heads.stream()).toList(), graph.nodes());
        OnnxWriter.write(shown, whole);
        OnnxWriter.write(cut.back(), back);
        OutputDiff front = new OutputDiff(0, 0, 0);
        OutputDiff behind = front;
        OutputDiff ours = front;
        OutputDiff own = front;
        try (Session session = Session.open(shown, SessionOptions.defaults()); OrtOracle oracle = OrtOracle.open(whole, 1);
             OrtOracle unfused = OrtOracle.open(whole, 1, false); OrtOracle rest = OrtOracle.open(back, 1)) {
            photos.feed(OnnxCase.photos() - 1, session.inputs());
            session.run();
            List<Tensor> wanted = oracle.run(session.inputs());
            List<Tensor> other = unfused.run(session.inputs());
            List<Tensor> bytes = new ArrayList<>();
            for (int i = 0; i < seam.size(); i++) {
                front = front.and(difference(session.outputs().get(i), wanted.get(i)));
                bytes.add(new Tensor(seam.get(i).name(), session.outputs().get(i).type(), session.outputs().get(i).data()));
            }
            List<Tensor> same = rest.run(bytes);
            for (int i = 0; i < heads.size(); i++) {
                Tensor found = session.outputs().get(seam.size() + i);
                behind = behind.and(difference(found, same.get(i)));
                ours = ours.and(difference(found, wanted.get(seam.size() + i)));
                Tensor plain = new Tensor(found.name(), found.type(), other.get(seam.size() + i).data());
                own = own.and(difference(plain, wanted.get(seam.size() + i)));
            }
        }
        System.out.printf(Locale.ROOT, "quantised %s behind %d float layers: worst %.0f steps; from the same bytes %d outputs, "
                + "worst %.0f steps; whole over 1: %.1f %%, ONNX Runtime unfused: %.1f %%%n", model, floats.size(), front.worst(),
                behind.elements(), behind.worst(), 100 * ours.shareOverOne(), 100 * own.shareOverOne());
        assertTrue(front.elements() > 10_000 && front.worst() <= 1, front.toString());
        assertTrue(behind.elements() > 10_000 && behind.shareOverOne() <= 0.001, behind.toString());
        assertTrue(ours.shareOverOne() <= 1.25 * own.shareOverOne(), ours + ", ONNX Runtime unfused " + own);
    }

    private static OutputDiff difference(Tensor found, Tensor wanted) {
        return OutputDiff.of(found, wanted.data().toArray(ValueLayout.JAVA_BYTE));
    }

    /** A network behind the float layers that it begins with, from their bytes to where its last integers end. */
    private record Cut(Graph back) {
        static Cut of(Graph graph) {
            Set<Value> integers = new HashSet<>();
            Set<Value> seam = new LinkedHashSet<>();
            List<Node> nodes = new ArrayList<>();
            for (Node node : graph.nodes()) {
                boolean integer = !(node.op() instanceof Quantize) && node.output().type().isQuantized8();
                if (integer || node.inputs().stream().anyMatch(integers::contains)) {
                    nodes.add(node);
                    node.inputs().stream().filter(v -> !v.isConstant() && !integers.contains(v)).forEach(seam::add);
                    integers.addAll(node.outputs());
                }
            }
            return new Cut(new Graph(graph.name(), List.copyOf(seam), heads(graph, integers), nodes));
        }

        /** The last quantised tensors: what is dequantised and not quantised again. */
        private static List<Value> heads(Graph graph, Set<Value> integers) {
            Set<Value> onTheWay = new HashSet<>();
            List<Value> heads = new ArrayList<>();
            for (Node node : graph.nodes().reversed()) {
                boolean goesOn = node.op() instanceof Quantize || node.outputs().stream().anyMatch(onTheWay::contains);
                if (goesOn) {
                    onTheWay.addAll(node.inputs());
                } else if (node.op() instanceof Dequantize && integers.contains(node.input(0))) {
                    heads.add(node.input(0));
                }
            }
            return heads;
        }
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
