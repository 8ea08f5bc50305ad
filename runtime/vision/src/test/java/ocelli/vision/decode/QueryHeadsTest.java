package ocelli.vision.decode;

import static ocelli.vision.decode.Decoded.argmax;
import static ocelli.vision.decode.Decoded.sigmoid;
import static ocelli.vision.decode.Decoded.softmax;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import ocelli.vision.TestTensors;
import ocelli.vision.decode.Decoded.Box;
import ocelli.vision.decode.Decoded.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** CenterNet, DETR and its heirs, and decoded corners, on random outputs against their formulas in float64. */
class QueryHeadsTest {
    private static final int WIDTH = 96;
    private static final int HEIGHT = 64;

    @ParameterizedTest
    @EnumSource(Kind.class)
    void centerNet(Kind kind) {
        Random r = new Random(1);
        int classes = 3;
        int w = WIDTH / 4;
        int h = HEIGHT / 4;
        Tensor heat = Decoded.random(r, kind.logits(1, classes, h, w), -5, 5);
        Tensor size = Decoded.random(r, kind.logits(1, 2, h, w), 0, 5);
        Tensor offset = Decoded.random(r, kind.parts(1, 2, h, w), 0, 1);
        List<Box> wanted = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            for (int y = 0; y < h; y++) {
                for (int x = 0; x < w; x++) {
                    double value = heat.real((long) (c * h + y) * w + x);
                    boolean peak = true;
                    for (int dy = -1; dy <= 1; dy++) {
                        for (int dx = -1; dx <= 1; dx++) {
                            if (y + dy >= 0 && y + dy < h && x + dx >= 0 && x + dx < w) {
                                peak &= heat.real((long) (c * h + y + dy) * w + x + dx) <= value;
                            }
                        }
                    }
                    int i = y * w + x;
                    if (peak && sigmoid(value) >= 0.9f) {
                        wanted.add(Box.centred((x + offset.real(i)) * 4, (y + offset.real((long) w * h + i)) * 4, size.real(i) * 4,
                                size.real((long) w * h + i) * 4, sigmoid(value), c));
                    }
                }
            }
        }
        Head head = Decoded.recognised(List.of(heat, size, offset), WIDTH, HEIGHT);
        assertEquals(new CenterNetHead(classes, 0, 1, 2, ScoreActivation.SIGMOID), head);
        Decoded.check("centernet " + kind, head, List.of(heat, size, offset), WIDTH, HEIGHT, 0.9f, wanted);
        assertThrows(IllegalArgumentException.class, () -> head.bind(List.of(size, heat, offset), WIDTH, HEIGHT, 0.5f));
    }

    @Test
    void namesTellOffsetsFromSizes() {
        TensorType pair = TensorType.of(DType.FLOAT32, 1, 2, 16, 24);
        List<Signature.Output> outputs = List.of(new Signature.Output("reg", pair, Ending.UNKNOWN),
                new Signature.Output("hm", TensorType.of(DType.FLOAT32, 1, 80, 16, 24), Ending.UNKNOWN), new Signature.Output("wh", pair,
                Ending.UNKNOWN));
        assertEquals(List.of(new CenterNetHead(80, 1, 2, 0, ScoreActivation.SIGMOID)),
                Heads.matching(new Signature(WIDTH, HEIGHT, "onnx", outputs, HeadOptions.NONE)));
        assertThrows(IllegalArgumentException.class, () -> new CenterNetHead(80, 1, 1, 0, ScoreActivation.NONE));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void detr(Kind kind) {
        for (boolean noObject : new boolean[] {false, true}) {
            Random r = new Random(2);
            int columns = 7;
            int queries = 100;
            Tensor logits = Decoded.random(r, kind.logits(1, queries, columns), -5, 5);
            Tensor boxes = Decoded.random(r, kind.parts(1, queries, 4), 0, 1);
            float threshold = noObject ? 0.4f : 0.98f;
            List<Box> wanted = new ArrayList<>();
            for (int q = 0; q < queries; q++) {
                long row = (long) q * columns;
                int cls = argmax(noObject ? columns - 1 : columns, c -> logits.real(row + c));
                double score = noObject ? softmax(columns, cls, c -> logits.real(row + c)) : sigmoid(logits.real(row + cls));
                if (score >= threshold) {
                    wanted.add(Box.centred(boxes.real(4L * q) * WIDTH, boxes.real(4L * q + 1) * HEIGHT, boxes.real(4L * q + 2) * WIDTH,
                            boxes.real(4L * q + 3) * HEIGHT, score, cls));
                }
            }
            Signature s = Signature.of(List.of(logits.type(), boxes.type()), WIDTH, HEIGHT);
            Head head = Heads.named(noObject ? "detr-softmax" : "detr", s).orElseThrow();
            assertEquals(noObject ? 6 : 7, head.classes());
            Decoded.check("detr " + kind + (noObject ? " softmax" : ""), head, List.of(logits, boxes), WIDTH, HEIGHT, threshold, wanted);
            assertEquals(List.of(), Heads.matching(s), "two unnamed tensors could be anything");
        }
    }

    @Test
    void endToEnd() {
        Random r = new Random(3);
        for (boolean batch : new boolean[] {false, true}) {
            int n = 300;
            Tensor labels = TestTensors.tensor("labels", batch ? TensorType.of(DType.INT64, 1, n) : TensorType.of(DType.INT64, n));
            Tensor boxes = Decoded.random(r, batch ? TensorType.of(DType.FLOAT32, 1, n, 4) : TensorType.of(DType.FLOAT32, n, 4), 0, 320);
            Tensor scores = Decoded.random(r, batch ? TensorType.of(DType.FLOAT32, 1, n) : TensorType.of(DType.FLOAT32, n), 0, 1);
            List<Box> wanted = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                labels.data().setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, i == 7 ? Long.MIN_VALUE : r.nextInt(80));
                if (scores.real(i) >= 0.6f) {
                    wanted.add(new Box(boxes.real(4L * i), boxes.real(4L * i + 1), boxes.real(4L * i + 2), boxes.real(4L * i + 3),
                            scores.real(i), (int) Math.max(0, labels.get(i))));
                }
            }
            Head head = Decoded.recognised(List.of(scores, labels, boxes), 320, 320);
            assertEquals(new EndToEndHead(0), head);
            Decoded.check("end-to-end", head, List.of(labels, boxes, scores), 320, 320, 0.6f, wanted);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "FLOAT")
    void endToEndRows(Kind kind) {
        Random r = new Random(4);
        Tensor t = Decoded.random(r, kind.logits(1, 300, 6), 0, 640);
        List<Box> wanted = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            TestTensors.set(t, 6L * i + 4, r.nextFloat());
            TestTensors.set(t, 6L * i + 5, r.nextInt(80));
            if (t.real(6L * i + 4) >= 0.25f) {
                wanted.add(new Box(t.real(6L * i), t.real(6L * i + 1), t.real(6L * i + 2), t.real(6L * i + 3), t.real(6L * i + 4),
                        (int) t.real(6L * i + 5)));
            }
        }
        Head head = Decoded.recognised(List.of(t), 640, 640);
        assertEquals(new EndToEndRowsHead(), head);
        Decoded.check("yolov10", head, List.of(t), 640, 640, 0.25f, wanted);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void corners(Kind kind) {
        Random r = new Random(5);
        int n = 60;
        int classes = 5;
        for (boolean planes : new boolean[] {true, false}) {
            Tensor boxes = Decoded.random(r, kind.logits(1, n, 4), 0, 6);
            Tensor scores = Decoded.random(r, planes ? kind.parts(1, classes, n) : kind.parts(1, n, classes), 0, 1);
            List<Box> wanted = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                int row = i;
                int cls = argmax(classes, c -> scores.real(planes ? (long) c * n + row : (long) row * classes + c));
                double score = scores.real(planes ? (long) cls * n + i : (long) i * classes + cls);
                if (score >= 0.8f) {
                    wanted.add(new Box(boxes.real(4L * i), boxes.real(4L * i + 1), boxes.real(4L * i + 2), boxes.real(4L * i + 3), score,
                            cls));
                }
            }
            Head head = Heads.named("corners", Signature.of(List.of(boxes.type(), scores.type()), WIDTH, HEIGHT)).orElseThrow();
            assertEquals(new CornerHead("corners", classes, false, false, planes), head);
            Decoded.check("corners " + kind, head, List.of(boxes, scores), WIDTH, HEIGHT, 0.8f, wanted);
        }
    }

    /** FOMO as ONNX files have it, against the other form, which has tests of its own. */
    @Test
    void fomoPlanes() {
        Random r = new Random(6);
        Tensor planes = Decoded.random(r, Kind.UINT8.parts(1, 3, 6, 6), 0, 1);
        Tensor rows = TestTensors.tensor("rows", Kind.UINT8.parts(1, 6, 6, 3));
        for (int i = 0; i < 36; i++) {
            for (int c = 0; c < 3; c++) {
                TestTensors.set(rows, 3L * i + c, (float) planes.real(36L * c + i));
            }
        }
        Head head = Decoded.recognised(List.of(planes), 96, 96);
        assertEquals(new FomoHead(3, true), head);
        Decoder other = new FomoHead(3).bind(List.of(rows), 96, 96, 0.9f);
        Candidates c = new Candidates(36, 0);
        other.decode(c);
        List<Box> wanted = new ArrayList<>();
        for (int i = 0; i < c.size(); i++) {
            wanted.add(new Box(c.x1(i), c.y1(i), c.x2(i), c.y2(i), c.score(i), c.classIndex(i)));
        }
        Decoded.check("fomo planes", head, List.of(planes), 96, 96, 0.9f, wanted);
    }

    @Test
    void namesAreListed() {
        assertTrue(Heads.names().containsAll(List.of("yolox", "nanodet", "detr", "ssd-palm")));
        assertEquals(Heads.names().size(), Heads.names().stream().distinct().count());
        Signature s = Signature.of(List.of(TensorType.of(DType.FLOAT32, 1, 5)), 64, 64);
        for (String name : Heads.names()) {
            assertEquals(Optional.empty(), Heads.named(name, s), name);
            assertEquals(Optional.empty(), Heads.named(name, Signature.of(List.of(), 64, 64)), name);
            assertTrue(Heads.describe().contains(name + " " + Heads.outputs(name)), name);
        }
        assertEquals(List.of(), Heads.matching(List.of(), 64, 64));
        String message = assertThrows(IllegalArgumentException.class, () -> Heads.named("yolov99", s)).getMessage();
        assertTrue(message.startsWith("found decoder yolov99, wanted one of tflite-postprocess, fomo"), message);
    }
}
