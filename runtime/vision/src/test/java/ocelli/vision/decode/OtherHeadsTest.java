package ocelli.vision.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import ocelli.vision.TestTensors;
import org.junit.jupiter.api.Test;

class OtherHeadsTest {

    @Test
    void postProcessOutputs() {
        Tensor boxes = TestTensors.tensor("b", TensorType.of(DType.FLOAT32, 1, 3, 4), 0.1f, 0.2f, 0.5f, 0.6f, 0, 0, 1, 1, 0.3f, 0.3f, 0.4f, 0.4f);
        Tensor classes = TestTensors.tensor("c", TensorType.of(DType.FLOAT32, 1, 3), 17, 0, 5);
        Tensor scores = TestTensors.tensor("s", TensorType.of(DType.FLOAT32, 1, 3), 0.8f, 0.5f, 0.9f);
        Tensor count = TestTensors.tensor("n", TensorType.of(DType.FLOAT32, 1), 2);
        Decoder d = new PostProcessHead().bind(List.of(boxes, classes, scores, count), 300, 200, 0.5f);
        Candidates found = new Candidates(d.maxCandidates(), d.keypoints());
        d.decode(found);
        assertEquals(2, found.size(), "the third row is beyond the count");
        assertEquals(17, found.classIndex(0));
        assertEquals(0.8f, found.score(0));
        assertEquals(60, found.x1(0), 1e-4);
        assertEquals(20, found.y1(0), 1e-4);
        assertEquals(180, found.x2(0), 1e-4);
        assertEquals(100, found.y2(0), 1e-4);
        TestTensors.set(count, 0, 1e9f);
        found.clear();
        d.decode(found);
        assertEquals(3, found.size());
        TestTensors.set(count, 0, Float.NaN);
        found.clear();
        d.decode(found);
        assertEquals(0, found.size());
        assertThrows(IllegalArgumentException.class, () -> new PostProcessHead().bind(List.of(boxes, classes, scores), 300, 300, 0.5f));
    }

    @Test
    void fomoMergesNeighbours() {
        // Class 1 in an L of three cells and, by a corner, a fourth; class 2 alone beside it; a weak cell far off.
        String[] grid = {
            "11....",
            "1.2...",
            ".1....",
            "......",
            ".....w",
            "2....."};
        Tensor t = TestTensors.tensor("g", TensorType.quantized(DType.INT8, 1 / 256f, -128, 1, 6, 6, 3));
        for (int i = 0; i < 36; i++) {
            char c = grid[i / 6].charAt(i % 6);
            TestTensors.set(t, 3 * i, c == '.' ? 0.99f : 0.1f);
            TestTensors.set(t, 3 * i + 1, c == '1' ? (i == 6 ? 0.9f : 0.7f) : c == 'w' ? 0.45f : 0.01f);
            TestTensors.set(t, 3 * i + 2, c == '2' ? 0.8f : 0.01f);
        }
        Decoder d = new FomoHead(3).bind(List.of(t), 96, 48, 0.5f);
        Candidates found = new Candidates(d.maxCandidates(), 0);
        d.decode(found);
        assertEquals(3, found.size());
        assertBox(found, 0, 1, 0.9, 0, 0, 32, 24);
        assertBox(found, 1, 2, 0.8, 32, 8, 48, 16);
        assertBox(found, 2, 2, 0.8, 0, 40, 16, 48);
        found.clear();
        d.decode(found);
        assertEquals(3, found.size(), "a second frame finds the same");
        assertThrows(IllegalArgumentException.class, () -> new FomoHead(2).bind(List.of(t), 96, 96, 0.5f));
    }

    private static void assertBox(Candidates c, int i, int cls, double score, double x1, double y1, double x2, double y2) {
        assertEquals(cls, c.classIndex(i));
        assertEquals(score, c.score(i), 0.005);
        assertEquals(x1, c.x1(i), 1e-4);
        assertEquals(y1, c.y1(i), 1e-4);
        assertEquals(x2, c.x2(i), 1e-4);
        assertEquals(y2, c.y2(i), 1e-4);
    }

    @Test
    void yoloV5() {
        for (DType dtype : List.of(DType.FLOAT32, DType.INT8)) {
            int rows = YoloV5Head.rows(64, 64);
            assertEquals(3 * (64 + 16 + 4), rows);
            TensorType type = dtype == DType.FLOAT32 ? TensorType.of(dtype, 1, rows, 7) : TensorType.quantized(dtype, 0.01f, -100, 1, rows, 7);
            Tensor t = TestTensors.tensor("y", type);
            Random random = new Random(8);
            for (int i = 0; i < rows * 7; i++) {
                TestTensors.set(t, i, random.nextFloat());
            }
            Decoder d = new YoloV5Head(2, true, YoloV5Head.Scores.PROBABILITY).bind(List.of(t), 64, 32, 0.4f);
            Candidates found = new Candidates(d.maxCandidates(), 0);
            d.decode(found);
            int n = 0;
            for (int i = 0; i < rows; i++) {
                int cls = t.real(7L * i + 6) > t.real(7L * i + 5) ? 1 : 0;
                double score = t.real(7L * i + 4) * t.real(7L * i + 5 + cls);
                if (score < 0.4) {
                    continue;
                }
                assertEquals(cls, found.classIndex(n));
                assertEquals(score, found.score(n), 1e-5);
                assertEquals((t.real(7L * i) - t.real(7L * i + 2) / 2) * 64, found.x1(n), 1e-3);
                assertEquals((t.real(7L * i + 1) + t.real(7L * i + 3) / 2) * 32, found.y2(n), 1e-3);
                n++;
            }
            assertEquals(n, found.size());
            assertTrue(n > 10);
        }
        assertEquals(2268, YoloV5Head.rows(192, 192));
    }

    @Test
    void aSingleClassOfYoloV5IsNotMultiplied() {
        for (float unit : new float[] {1, 100}) {
            Tensor t = TestTensors.tensor("y", TensorType.of(DType.FLOAT32, 1, 252, 6));
            float[] row = {32, 16, 10, 8, 0.7f * unit, 0.999f * unit};
            for (int k = 0; k < row.length; k++) {
                TestTensors.set(t, 6 * 7 + k, row[k]);
            }
            Candidates found = new Candidates(252, 0);
            new YoloV5Head(1, false, YoloV5Head.Scores.DETECT).bind(List.of(t), 64, 64, 0.5f).decode(found);
            assertEquals(1, found.size());
            assertBox(found, 0, 0, 0.7, 27, 12, 37, 20);
        }
    }

    @Test
    void headsAreRecognisedByShape() {
        TensorType fomo = TensorType.quantized(DType.INT8, 1 / 256f, -128, 1, 12, 12, 2);
        assertEquals(List.of(new FomoHead(2)), Heads.matching(List.of(fomo), 96, 96));
        TensorType pixels = TensorType.of(DType.FLOAT32, 1, 2268, 6);
        assertEquals(List.of(new YoloV5Head(1, false, YoloV5Head.Scores.DETECT)), Heads.matching(List.of(pixels), 192, 192));
        TensorType percent = TensorType.quantized(DType.INT8, 0.920751f, -116, 1, 2268, 6);
        assertEquals(List.of(new YoloV5Head(1, false, YoloV5Head.Scores.PERCENT)), Heads.matching(List.of(percent), 192, 192));
        TensorType parts = TensorType.quantized(DType.UINT8, 0.0045f, 3, 1, 2268, 85);
        assertEquals(List.of(new YoloV5Head(80, true, YoloV5Head.Scores.PROBABILITY)), Heads.matching(List.of(parts), 192, 192));
        TensorType[] post = {TensorType.of(DType.FLOAT32, 1, 10, 4), TensorType.of(DType.FLOAT32, 1, 10), TensorType.of(DType.FLOAT32, 1, 10), TensorType.of(DType.FLOAT32, 1)};
        assertEquals(List.of(new PostProcessHead()), Heads.matching(List.of(post), 300, 300));
        TreeSet<String> names = new TreeSet<>();
        for (SsdHead h : SsdPresets.all()) {
            int rows = h.anchors().generate().length / 4;
            assertEquals(List.of(h), Heads.matching(List.of(TensorType.of(DType.FLOAT32, 1, rows, h.classes()),
                    TensorType.of(DType.FLOAT32, 1, rows, h.coding().coords())), h.anchors().inputWidth(), h.anchors().inputHeight()));
            names.add(h.name());
        }
        assertEquals(SsdPresets.all().size(), names.size());
        assertEquals(List.of(), Heads.matching(List.of(TensorType.of(DType.FLOAT32, 1, 1001)), 224, 224));
    }
}
