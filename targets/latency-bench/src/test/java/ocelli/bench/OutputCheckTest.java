package ocelli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import ocelli.bench.OutputDifference.Measure;
import ocelli.core.graph.Graph;
import ocelli.core.model.Models;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.SharedData;
import ocelli.testkit.TestData;
import org.junit.jupiter.api.Test;

/** What counts as the same answer, on the graphs of real models and made-up outputs. */
class OutputCheckTest {
    private static Graph graph(String file) throws IOException {
        return Models.read(SharedData.model(file)).graph();
    }

    private static Tensor floats(int[] dims, float... values) {
        return new Tensor("f", TensorType.of(DType.FLOAT32, dims), MemorySegment.ofArray(TestData.bytes(values)));
    }

    private static Tensor bytes(TensorType type, int first, int second) {
        return new Tensor("out", type, MemorySegment.ofArray(new byte[] {(byte) first, (byte) second}));
    }

    private static OutputDifference only(List<OutputDifference> all) {
        assertEquals(1, all.size());
        return all.getFirst();
    }

    @Test
    void quantisedOutputsMayDifferByTwoSteps() throws IOException {
        Graph graph = graph("mlcommons_tiny/vww_96_int8.tflite");
        TensorType type = graph.outputs().getFirst().type();
        Tensor zero = bytes(type, 0, 0);
        OutputCheck check = new OutputCheck(graph, "tflite");
        OutputDifference two = only(check.compare(List.of(bytes(type, 2, 0)), List.of(zero)));
        assertEquals(new OutputDifference("out", Measure.STEPS, 2, 1, true), two);
        assertFalse(only(check.compare(List.of(bytes(type, 0, -3)), List.of(zero))).accepted());
    }

    @Test
    void onnxFilesMayDifferByOneStepInTheMean() throws IOException {
        // Its logits are dequantised from steps of 0.0212749.
        Graph graph = graph("mobilenet_v2_qdq/mobilenet_v2_int8.onnx");
        OutputCheck check = new OutputCheck(graph, "onnx");
        float step = 0.0212749f;
        Tensor zero = floats(new int[] {1, 4}, 0, 0, 0, 0);
        OutputDifference some = only(check.compare(List.of(floats(new int[] {1, 4}, 3 * step, 0, 0, 0)), List.of(zero)));
        assertEquals(Measure.STEPS, some.measure());
        assertEquals(3, some.worst(), 1e-3);
        assertEquals(0.75, some.mean(), 1e-3);
        assertTrue(some.accepted());
        assertFalse(only(check.compare(List.of(floats(new int[] {1, 4}, 3 * step, 2 * step, 0, 0)), List.of(zero))).accepted());
    }

    @Test
    void floatsMayDifferByAThousandthOfTheirRange() throws IOException {
        OutputCheck check = new OutputCheck(graph("fastestdet/FastestDet.onnx"), "onnx");
        Tensor wanted = floats(new int[] {2}, 0, 10);
        assertTrue(only(check.compare(List.of(floats(new int[] {2}, 0.009f, 10)), List.of(wanted))).accepted());
        assertFalse(only(check.compare(List.of(floats(new int[] {2}, 0.011f, 10)), List.of(wanted))).accepted());
        assertFalse(only(check.compare(List.of(floats(new int[] {2}, Float.NaN, 10)), List.of(wanted))).accepted());
        assertFalse(only(check.compare(List.of(floats(new int[] {2, 1}, 0, 10)), List.of(wanted))).accepted());
        assertFalse(only(check.compare(List.of(wanted, wanted), List.of(wanted))).accepted());
    }

    /** Boxes, classes, scores and their number, from rows of five: class, score, and left, top and size of the box. */
    private static List<Tensor> detections(float... rows) {
        int n = rows.length / 5;
        float[] boxes = new float[4 * n];
        float[] classes = new float[n];
        float[] scores = new float[n];
        for (int i = 0; i < n; i++) {
            classes[i] = rows[5 * i];
            scores[i] = rows[5 * i + 1];
            boxes[4 * i] = rows[5 * i + 2];
            boxes[4 * i + 1] = rows[5 * i + 3];
            boxes[4 * i + 2] = rows[5 * i + 2] + rows[5 * i + 4];
            boxes[4 * i + 3] = rows[5 * i + 3] + rows[5 * i + 4];
        }
        return List.of(floats(new int[] {1, n, 4}, boxes), floats(new int[] {1, n}, classes), floats(new int[] {1, n}, scores),
                floats(new int[] {1}, n));
    }

    @Test
    void detectionsMaySwapPlacesButNotChange() throws IOException {
        Graph graph = graph("coco_ssd_mobilenet_v1_quant/coco_ssd_mobilenet_v1_1.0_quant_2018_06_29.tflite");
        OutputCheck check = new OutputCheck(graph, "tflite");
        List<Tensor> wanted = detections(1, 0.9f, 0, 0, 1, 2, 0.5f, 3, 3, 1);
        assertTrue(check.compare(wanted, wanted).stream().allMatch(d -> d.accepted() && d.worst() == 0));
        OutputDifference swapped = only(check.compare(detections(2, 0.5f, 3, 3, 1, 1, 0.9f, 0, 0, 1), wanted));
        assertEquals(new OutputDifference("boxes", Measure.UNMATCHED, 0, 0, true), swapped);
        assertEquals(0.5, only(check.compare(detections(7, 0.9f, 0, 0, 1, 2, 0.5f, 3, 3, 1), wanted)).worst(), "another class");
        assertFalse(only(check.compare(detections(1, 0.9f, 0, 0, 2, 2, 0.5f, 3, 3, 1), wanted)).accepted(), "another box");
        assertFalse(only(check.compare(detections(1, 0.8f, 0, 0, 1, 2, 0.5f, 3, 3, 1), wanted)).accepted(), "another score");
    }
}
