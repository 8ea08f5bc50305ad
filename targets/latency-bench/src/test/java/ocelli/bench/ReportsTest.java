package ocelli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import ocelli.bench.OutputDifference.Measure;
import ocelli.bench.Targets.Target;
import ocelli.cli.StartFigures;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/** Targets and pictures, from made-up results. */
class ReportsTest {
    private static final Path MODELS = Path.of("models");

    /** A model whose native kernels take so many nanoseconds, the vector ones 400 and the peer 100. */
    private static ModelResult result(String file, long nanos, boolean same) {
        List<OutputDifference> differences = List.of(new OutputDifference("y", Measure.RANGE, 1, 1, same));
        Timing ours = new Timing("ocelli native", List.of(new long[] {nanos}), 0);
        Timing vector = new Timing("ocelli vector", List.of(new long[] {400}), 0);
        Timing peer = new Timing("ort", List.of(new long[] {100}), 0);
        ModelResult.Threads run = new ModelResult.Threads(1, List.of(ours, vector, peer),
                List.of(Comparison.of(ours, List.of(peer), differences)), List.of(Comparison.of(vector, List.of(ours), List.of())),
                List.of());
        return new ModelResult(MODELS.resolve(file), "onnx", List.of("x"), 110, 100,
                Map.of("ocelli native", new ModelResult.Start(120, new StartFigures(0, 0, 0, 70_000_000, 71_000_000))), List.of(run));
    }

    private static TargetResult judge(Targets.Measure measure, double limit, String file, ModelResult... results) {
        return TargetResult.of(new Target(measure, limit, file), MODELS, List.of(results));
    }

    @Test
    void targetsAreReachedOrNot() {
        ModelResult a = result("a.onnx", 80, true);
        ModelResult b = result("b.onnx", 50, true);
        assertEquals(TargetResult.Verdict.REACHED, judge(Targets.Measure.RATIO, 0.8, "a.onnx", a, b).verdict());
        assertEquals(TargetResult.Verdict.MISSED, judge(Targets.Measure.RATIO, 0.79, "a.onnx", a, b).verdict());
        assertEquals(TargetResult.Verdict.UNMEASURED, judge(Targets.Measure.RATIO, 1, "c.onnx", a, b).verdict());
        assertEquals(TargetResult.Verdict.REFUSED, judge(Targets.Measure.RATIO, 1, "a.onnx", result("a.onnx", 1, false), b).verdict());
        TargetResult worst = judge(Targets.Measure.VECTOR, 8, "*", a, b);
        assertEquals("b", worst.name());
        assertEquals(Optional.of(8.0), worst.found());
        assertEquals(TargetResult.Verdict.REACHED, worst.verdict());
        assertEquals(Optional.of(1.1), judge(Targets.Measure.ARENA, 1.1, "*", a).found());
        assertEquals(Optional.of(120.0), judge(Targets.Measure.FIRST_INFERENCE, 130, "a.onnx", a).found());
        assertEquals(Optional.of(70.0), judge(Targets.Measure.RSS, 75, "a.onnx", a).found());
        assertTrue(TextReport.reached(List.of(worst)).contains("each, worst b"));
    }

    @Test
    void theListHasOurModels() throws IOException {
        List<Target> all = Targets.all();
        assertTrue(all.contains(new Target(Targets.Measure.RATIO, 0.9, "yunet/yunet_n_320_320.onnx")), all.toString());
        assertTrue(all.contains(new Target(Targets.Measure.VECTOR, 8, "*")), all.toString());
    }

    @Test
    void theChartIsAPictureWithABarForEachRatio() throws IOException, ParserConfigurationException, SAXException {
        List<ModelResult> results = List.of(result("a&b<c.onnx", 80, true), result("slow.onnx", 300, true), result("wrong.onnx", 1, false));
        TargetResult target = judge(Targets.Measure.RATIO, 0.9, "slow.onnx", results.get(1));
        String svg = BarChart.of(results, List.of(target)).svg();
        Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertEquals(2, document.getElementsByTagName("rect").getLength(), "a refused model has no bar");
        assertEquals(2, document.getElementsByTagName("line").getLength(), "the peer's and one to reach");
        assertTrue(svg.contains("prefers-color-scheme: dark"));
        double[] widths = {width(document, 0), width(document, 1)};
        assertEquals(0.8 / 3, widths[0] / widths[1], 1e-3);
    }

    private static double width(Document document, int bar) {
        return Double.parseDouble(document.getElementsByTagName("rect").item(bar).getAttributes().getNamedItem("width").getNodeValue());
    }
}
