package ocelli.vision.decode;

import static ocelli.vision.decode.Decoded.argmax;
import static ocelli.vision.decode.Decoded.softmax;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import ocelli.core.tensor.Tensor;
import ocelli.vision.decode.Decoded.Box;
import ocelli.vision.decode.Decoded.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Heads of face detectors, and others with prior boxes, on random outputs against their formulas in float64. */
class FaceHeadsTest {
    private static final int WIDTH = 128;
    private static final int HEIGHT = 96;

    @ParameterizedTest
    @EnumSource(Kind.class)
    void yunet(Kind kind) {
        Random r = new Random(1);
        List<Tensor> outputs = new ArrayList<>();
        List<Box> wanted = new ArrayList<>();
        for (int s = 8; s <= 32; s *= 2) {
            int across = WIDTH / s;
            int n = across * (HEIGHT / s);
            Tensor cls = Decoded.random(r, kind.parts(1, n, 1), 0, 1);
            Tensor obj = Decoded.random(r, kind.parts(1, n, 1), 0, 1);
            Tensor box = Decoded.random(r, kind.logits(1, n, 4), -2, 2);
            Tensor points = Decoded.random(r, kind.logits(1, n, 10), -2, 2);
            outputs.addAll(List.of(points, cls, box, obj));
            for (int i = 0; i < n; i++) {
                double score = Math.sqrt(cls.real(i) * obj.real(i));
                if (score >= 0.7f) {
                    double[] p = new double[10];
                    for (int k = 0; k < 10; k++) {
                        p[k] = ((k % 2 == 0 ? i % across : i / across) + points.real(10L * i + k)) * s;
                    }
                    wanted.add(Box.centred((i % across + box.real(4L * i)) * s, (i / across + box.real(4L * i + 1)) * s,
                            Math.exp(box.real(4L * i + 2)) * s, Math.exp(box.real(4L * i + 3)) * s, score, 0, p));
                }
            }
        }
        Head head = Decoded.recognised(outputs, WIDTH, HEIGHT);
        assertEquals(new YunetHead(List.of(8, 16, 32), ScoreActivation.NONE), head);
        Decoded.check("yunet " + kind, head, outputs, WIDTH, HEIGHT, 0.7f, wanted);
        assertThrows(IllegalArgumentException.class, () -> head.bind(outputs.subList(1, 12), WIDTH, HEIGHT, 0.5f));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void scrfd(Kind kind) {
        for (int keypoints : new int[] {0, 5}) {
            Random r = new Random(2);
            List<Tensor> outputs = new ArrayList<>();
            List<Box> wanted = new ArrayList<>();
            for (int s = 8; s <= 32; s *= 2) {
                int across = WIDTH / s;
                int n = 2 * across * (HEIGHT / s);
                Tensor scores = Decoded.random(r, kind.parts(n, 1), 0, 1);
                Tensor box = Decoded.random(r, kind.logits(n, 4), 0, 5);
                Tensor points = Decoded.random(r, kind.logits(n, 10), -2, 2);
                outputs.addAll(keypoints == 0 ? List.of(scores, box) : List.of(scores, box, points));
                for (int i = 0; i < n; i++) {
                    double x = i / 2 % across * s;
                    double y = i / 2 / across * s;
                    double[] p = new double[2 * keypoints];
                    for (int k = 0; k < p.length; k++) {
                        p[k] = (k % 2 == 0 ? x : y) + points.real(10L * i + k) * s;
                    }
                    if (scores.real(i) >= 0.8f) {
                        wanted.add(new Box(x - box.real(4L * i) * s, y - box.real(4L * i + 1) * s, x + box.real(4L * i + 2) * s,
                                y + box.real(4L * i + 3) * s, scores.real(i), 0, p));
                    }
                }
            }
            Head head = Decoded.recognised(outputs, WIDTH, HEIGHT);
            assertEquals(new ScrfdHead(keypoints, 2, List.of(8, 16, 32), ScoreActivation.NONE), head);
            Decoded.check("scrfd " + kind, head, outputs, WIDTH, HEIGHT, 0.8f, wanted);
        }
    }

    /** Squares of the given sizes on one grid after the other. */
    private static List<double[]> squares(int[] strides, int[][] sizes) {
        List<double[]> priors = new ArrayList<>();
        for (int l = 0; l < strides.length; l++) {
            for (int y = 0; y < Math.ceilDiv(HEIGHT, strides[l]); y++) {
                for (int x = 0; x < Math.ceilDiv(WIDTH, strides[l]); x++) {
                    for (int size : sizes[l]) {
                        priors.add(new double[] {(x + 0.5) * strides[l], (y + 0.5) * strides[l], size, size});
                    }
                }
            }
        }
        return priors;
    }

    private static List<Box> offsets(List<double[]> priors, Tensor box, Tensor scores, Tensor points, int classes, boolean softmax,
            float threshold) {
        List<Box> wanted = new ArrayList<>();
        for (int i = 0; i < priors.size(); i++) {
            double[] prior = priors.get(i);
            long row = (long) i * classes;
            int cls = 1 + argmax(classes - 1, c -> scores.real(row + 1 + c));
            double score = softmax ? softmax(classes, cls, c -> scores.real(row + c)) : scores.real(row + cls);
            double[] p = new double[points == null ? 0 : 10];
            for (int k = 0; k < p.length; k++) {
                p[k] = prior[k % 2] + points.real(10L * i + k) * 0.1 * prior[2 + k % 2];
            }
            if (score >= threshold) {
                wanted.add(Box.centred(prior[0] + box.real(4L * i) * 0.1 * prior[2], prior[1] + box.real(4L * i + 1) * 0.1 * prior[3],
                        prior[2] * Math.exp(0.2 * box.real(4L * i + 2)), prior[3] * Math.exp(0.2 * box.real(4L * i + 3)), score, cls, p));
            }
        }
        return wanted;
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void retinaFace(Kind kind) {
        Random r = new Random(3);
        List<double[]> priors = squares(new int[] {8, 16, 32}, new int[][] {{16, 32}, {64, 128}, {256, 512}});
        Tensor box = Decoded.random(r, kind.logits(1, priors.size(), 4), -5, 5);
        Tensor scores = Decoded.random(r, kind.parts(1, priors.size(), 2), 0, 1);
        Tensor points = Decoded.random(r, kind.logits(1, priors.size(), 10), -5, 5);
        Head head = Decoded.recognised(List.of(box, scores, points), WIDTH, HEIGHT);
        assertEquals("retinaface", head.name());
        Decoded.check("retinaface " + kind, head, List.of(points, box, scores), WIDTH, HEIGHT, 0.9f,
                offsets(priors, box, scores, points, 2, false, 0.9f));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void ultraFace(Kind kind) {
        Random r = new Random(4);
        List<double[]> priors = squares(new int[] {8, 16, 32, 64}, new int[][] {{10, 16, 24}, {32, 48}, {64, 96}, {128, 192, 256}});
        Tensor logits = Decoded.random(r, kind.logits(1, priors.size(), 2), -5, 5);
        Tensor offsets = Decoded.random(r, kind.logits(1, priors.size(), 4), -5, 5);
        Head raw = new PriorHead("ultraface-raw", PriorBoxes.ULTRAFACE, 2, 0, ScoreActivation.SOFTMAX);
        for (float threshold : new float[] {0.7f, 0.3f}) {
            Decoded.check("ultraface raw " + kind, raw, List.of(logits, offsets), WIDTH, HEIGHT, threshold,
                    offsets(priors, offsets, logits, null, 2, true, threshold));
        }
        Tensor scores = Decoded.random(r, kind.parts(1, priors.size(), 2), 0, 1);
        Tensor corners = Decoded.random(r, kind.parts(1, priors.size(), 4), 0, 1);
        List<Box> wanted = new ArrayList<>();
        for (int i = 0; i < priors.size(); i++) {
            if (scores.real(2L * i + 1) >= 0.7f) {
                wanted.add(new Box(corners.real(4L * i) * WIDTH, corners.real(4L * i + 1) * HEIGHT, corners.real(4L * i + 2) * WIDTH,
                        corners.real(4L * i + 3) * HEIGHT, scores.real(2L * i + 1), 1));
            }
        }
        Head decoded = new CornerHead("ultraface", 2, true, true, false);
        Decoded.check("ultraface " + kind, decoded, List.of(corners, scores), WIDTH, HEIGHT, 0.7f, wanted);
        // The shapes are the same; an exponential near the end of the graph tells.
        assertEquals(List.of("ultraface", "ultraface-raw"), Heads.matching(Signature.of(List.of(scores.type(), corners.type()), WIDTH,
                HEIGHT)).stream() .map(Head::name).toList());
        for (boolean exponential : new boolean[] {true, false}) {
            Ending ending = new Ending(true, true, true, exponential);
            Signature s = new Signature(WIDTH, HEIGHT, "onnx", List.of(new Signature.Output("scores", scores.type(), ending),
                    new Signature.Output("boxes", corners.type(), ending)), HeadOptions.NONE);
            assertEquals(List.of(exponential ? "ultraface" : "ultraface-raw"), Heads.matching(s).stream().map(Head::name).toList());
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void ssdOfCaffe(Kind kind) {
        Random r = new Random(5);
        List<double[]> priors = new ArrayList<>();
        int[] cells = {19, 10, 5, 3, 2, 1};
        double[] sizes = {60, 105, 150, 195, 240, 285, 300};
        for (int l = 0; l < 6; l++) {
            for (int y = 0; y < cells[l]; y++) {
                for (int x = 0; x < cells[l]; x++) {
                    double cx = (x + 0.5) * 300 / cells[l];
                    double cy = (y + 0.5) * 300 / cells[l];
                    priors.add(new double[] {cx, cy, sizes[l], sizes[l]});
                    if (l > 0) {
                        priors.add(new double[] {cx, cy, Math.sqrt(sizes[l] * sizes[l + 1]), Math.sqrt(sizes[l] * sizes[l + 1])});
                    }
                    for (int ratio = 2; ratio <= (l == 0 ? 2 : 3); ratio++) {
                        priors.add(new double[] {cx, cy, sizes[l] * Math.sqrt(ratio), sizes[l] / Math.sqrt(ratio)});
                        priors.add(new double[] {cx, cy, sizes[l] / Math.sqrt(ratio), sizes[l] * Math.sqrt(ratio)});
                    }
                }
            }
        }
        assertEquals(1917, priors.size());
        Tensor box = Decoded.random(r, kind.logits(1, 1917 * 4), -5, 5);
        Tensor scores = Decoded.random(r, kind.parts(1, 1917, 21), 0, 1);
        Head head = Decoded.recognised(List.of(box, scores), 300, 300);
        assertEquals("ssd-caffe", head.name());
        Decoded.check("ssd-caffe " + kind, head, List.of(box, scores), 300, 300, 0.99f, offsets(priors, box, scores, null, 21, false,
                0.99f));
    }

    @Test
    void priorBoxesAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new PriorBoxes.Level(0, 0, List.of(1f), List.of(), List.of()));
        assertThrows(IllegalArgumentException.class, () -> new PriorBoxes.Level(8, 0, List.of(1f), List.of(1f, 2f), List.of()));
        assertThrows(IllegalArgumentException.class, () -> new PriorBoxes.Level(8, 0, List.of(0f), List.of(), List.of()));
        assertThrows(IllegalArgumentException.class, () -> new PriorHead("x", PriorBoxes.ULTRAFACE, 4, 0, ScoreActivation.NONE));
        assertEquals(4420, PriorBoxes.ULTRAFACE.count(320, 240));
        assertEquals(16800, PriorBoxes.RETINAFACE.count(640, 640));
    }
}
