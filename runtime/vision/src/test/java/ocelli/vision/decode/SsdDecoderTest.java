package ocelli.vision.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import ocelli.vision.Allocation;
import ocelli.vision.TestTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SsdDecoderTest {

    record Case(SsdHead head, DType dtype, float threshold) {
    }

    static Stream<Case> cases() {
        return SsdPresets.all().stream().flatMap(h -> Stream.of(DType.FLOAT32, DType.UINT8, DType.INT8)
                .flatMap(d -> Stream.of(0f, 0.3f, 0.6f, 0.999f).map(t -> new Case(h, d, t))));
    }

    private static Tensor random(String name, DType dtype, Random random, double spread, int... dims) {
        TensorType type = dtype == DType.FLOAT32 ? TensorType.of(dtype, dims)
                : TensorType.quantized(dtype, (float) (spread / 60), dtype == DType.INT8 ? -9 : 140, dims);
        Tensor t = TestTensors.tensor(name, type);
        for (int i = 0; i < type.shape().elements(); i++) {
            TestTensors.set(t, i, (float) (random.nextGaussian() * spread));
        }
        return t;
    }

    /** One box by the formulas of the SSD paper and MediaPipe's options, in doubles, straight from the tensors. */
    private static double[] box(SsdHead h, float[] anchors, Tensor boxes, int i) {
        SsdBoxCoding c = h.coding();
        double[] v = new double[c.coords()];
        for (int k = 0; k < v.length; k++) {
            v[k] = boxes.real((long) i * c.coords() + k);
        }
        double x = c.xFirst() ? v[0] : v[1];
        double y = c.xFirst() ? v[1] : v[0];
        double w = c.xFirst() ? v[2] : v[3];
        double height = c.xFirst() ? v[3] : v[2];
        double aw = anchors[4 * i + 2];
        double ah = anchors[4 * i + 3];
        double cx = anchors[4 * i] + x / c.xScale() * aw;
        double cy = anchors[4 * i + 1] + y / c.yScale() * ah;
        double bw = (c.exponential() ? Math.exp(w / c.wScale()) : w / c.wScale()) * aw;
        double bh = (c.exponential() ? Math.exp(height / c.hScale()) : height / c.hScale()) * ah;
        double[] out = new double[4 + 2 * c.keypoints()];
        out[0] = (cx - bw / 2) * h.anchors().inputWidth();
        out[1] = (cy - bh / 2) * h.anchors().inputHeight();
        out[2] = (cx + bw / 2) * h.anchors().inputWidth();
        out[3] = (cy + bh / 2) * h.anchors().inputHeight();
        for (int k = 0; k < c.keypoints(); k++) {
            double first = v[c.pointOffset() + k * c.pointValues()];
            double second = v[c.pointOffset() + k * c.pointValues() + 1];
            out[4 + 2 * k] = ((c.xFirst() ? first : second) / c.xScale() * aw + anchors[4 * i]) * h.anchors().inputWidth();
            out[5 + 2 * k] = ((c.xFirst() ? second : first) / c.yScale() * ah + anchors[4 * i + 1]) * h.anchors().inputHeight();
        }
        return out;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithTheFormulas(Case c) {
        SsdHead h = c.head();
        float[] anchors = h.anchors().generate();
        int rows = anchors.length / 4;
        Random random = new Random(rows);
        Tensor boxes = random("boxes", c.dtype(), random, h.coding().exponential() ? 3 : 20, 1, rows, h.coding().coords());
        Tensor scores = random("scores", c.dtype(), random, 4, 1, rows, h.classes());
        // The scores come first here: the order of outputs must not matter.
        Decoder decoder = h.bind(List.of(scores, boxes), h.anchors().inputWidth(), h.anchors().inputHeight(), c.threshold());
        Candidates found = new Candidates(decoder.maxCandidates(), decoder.keypoints());
        decoder.decode(found);
        int n = 0;
        for (int i = 0; i < rows; i++) {
            int best = -1;
            double bestLogit = Double.NEGATIVE_INFINITY;
            for (int k = h.background() ? 1 : 0; k < h.classes(); k++) {
                double logit = scores.real((long) i * h.classes() + k);
                if (logit > bestLogit) {
                    bestLogit = logit;
                    best = k;
                }
            }
            double score = 1 / (1 + Math.exp(-bestLogit));
            if (score < c.threshold()) {
                continue;
            }
            double[] wanted = box(h, anchors, boxes, i);
            assertEquals(best, found.classIndex(n), "class of anchor " + i);
            assertEquals(score, found.score(n), 1e-6);
            double[] got = {found.x1(n), found.y1(n), found.x2(n), found.y2(n)};
            for (int k = 0; k < 4; k++) {
                assertEquals(wanted[k], got[k], 2e-5 * Math.max(100, Math.abs(wanted[k]) + Math.abs(wanted[2]) + Math.abs(wanted[3])));
            }
            for (int k = 0; k < found.keypoints(); k++) {
                assertEquals(wanted[4 + 2 * k], found.keypointX(n, k), 1e-2);
                assertEquals(wanted[5 + 2 * k], found.keypointY(n, k), 1e-2);
            }
            n++;
        }
        assertEquals(n, found.size());
        assertTrue(n > 0);
    }

    @Test
    void splitOutputsAreJoinedByLayer() {
        SsdHead h = SsdPresets.FACE_SHORT_RANGE;
        Random random = new Random(3);
        Tensor boxes = random("boxes", DType.FLOAT32, random, 20, 1, 896, 16);
        Tensor scores = random("scores", DType.FLOAT32, random, 4, 1, 896, 1);
        List<Tensor> parts = new ArrayList<>();
        for (Tensor t : List.of(boxes, scores)) {
            int columns = t.type().shape().dim(2);
            parts.add(0, new Tensor("low", TensorType.of(DType.FLOAT32, 1, 384, columns), t.data().asSlice(512L * columns * 4, 384L * columns * 4)));
            parts.add(new Tensor("high", TensorType.of(DType.FLOAT32, 1, 512, columns), t.data().asSlice(0, 512L * columns * 4)));
        }
        Candidates whole = new Candidates(896, 6);
        Candidates joined = new Candidates(896, 6);
        h.bind(List.of(boxes, scores), 128, 128, 0.5f).decode(whole);
        h.bind(parts, 128, 128, 0.5f).decode(joined);
        assertEquals(whole.size(), joined.size());
        assertTrue(whole.size() > 100);
        for (int i = 0; i < whole.size(); i++) {
            assertEquals(whole.x1(i), joined.x1(i));
            assertEquals(whole.keypointY(i, 5), joined.keypointY(i, 5));
            assertEquals(whole.score(i), joined.score(i));
        }
    }

    @Test
    void notANumberIsNoBox() {
        SsdHead h = SsdPresets.FACE_SHORT_RANGE;
        Tensor boxes = TestTensors.tensor("boxes", TensorType.of(DType.FLOAT32, 1, 896, 16));
        Tensor scores = TestTensors.tensor("scores", TensorType.of(DType.FLOAT32, 1, 896, 1));
        for (int i = 0; i < 896; i++) {
            TestTensors.set(scores, i, i == 7 ? 1e9f : Float.NaN);
        }
        Candidates found = new Candidates(896, 6);
        h.bind(List.of(boxes, scores), 128, 128, 0.5f).decode(found);
        assertEquals(1, found.size());
        assertEquals(1, found.score(0));
    }

    @Test
    void decodingAllocatesNothing() {
        for (DType dtype : List.of(DType.FLOAT32, DType.UINT8)) {
            SsdHead h = SsdPresets.OBJECTRON;
            Random random = new Random(4);
            Tensor boxes = random("boxes", dtype, random, 3, 1, 1917, 4);
            Tensor scores = random("scores", dtype, random, 4, 1, 1917, 24);
            Decoder decoder = h.bind(List.of(boxes, scores), 300, 300, 0.4f);
            Candidates found = new Candidates(decoder.maxCandidates(), 0);
            assertEquals(0, Allocation.bytes(() -> {
                found.clear();
                decoder.decode(found);
            }));
        }
    }

    @Test
    void wrongOutputsAreNamed() {
        Tensor boxes = TestTensors.tensor("boxes", TensorType.of(DType.FLOAT32, 1, 895, 16));
        Tensor scores = TestTensors.tensor("scores", TensorType.of(DType.FLOAT32, 1, 896, 1));
        String message = assertThrows(IllegalArgumentException.class,
                () -> SsdPresets.FACE_SHORT_RANGE.bind(List.of(boxes, scores), 128, 128, 0.5f)).getMessage();
        assertTrue(message.contains("[1, 895, 16]") && message.contains("wanted [1, 896, 16] and [1, 896, 1] for 128x128"), message);
        Tensor ints = TestTensors.tensor("scores", TensorType.of(DType.UINT8, 1, 896, 1));
        Tensor good = TestTensors.tensor("boxes", TensorType.of(DType.FLOAT32, 1, 896, 16));
        assertThrows(IllegalArgumentException.class, () -> SsdPresets.FACE_SHORT_RANGE.bind(List.of(good, ints), 128, 128, 0.5f));
    }
}
