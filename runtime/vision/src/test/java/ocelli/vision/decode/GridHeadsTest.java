package ocelli.vision.decode;

import static ocelli.vision.decode.Decoded.argmax;
import static ocelli.vision.decode.Decoded.sigmoid;
import static ocelli.vision.decode.Decoded.softmax;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import ocelli.vision.decode.Decoded.Box;
import ocelli.vision.decode.Decoded.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.api.Test;

/** Heads of the YOLO family on random outputs, against their formulas written out in float64. */
class GridHeadsTest {
    private static final int WIDTH = 96;
    private static final int HEIGHT = 64;
    private static final int[] STRIDES = {8, 16, 32};

    private static int cells(int stride) {
        return WIDTH / stride * (HEIGHT / stride);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void yolox(Kind kind) {
        Random r = new Random(1);
        int classes = 5;
        int rows = 96 + 24 + 6;
        Tensor t = Decoded.random(r, kind.logits(1, rows, 5 + classes), -3, 3);
        for (int c = 4; c < 5 + classes; c++) {
            Decoded.fill(r, t, c, (long) rows * (5 + classes), 5 + classes, 0, 1);
        }
        float threshold = 0.4f;
        List<Box> wanted = new ArrayList<>();
        int row = 0;
        for (int stride : STRIDES) {
            for (int y = 0; y < HEIGHT / stride; y++) {
                for (int x = 0; x < WIDTH / stride; x++, row++) {
                    long at = (long) row * (5 + classes);
                    int cls = argmax(classes, c -> t.real(at + 5 + c));
                    double score = t.real(at + 4) * t.real(at + 5 + cls);
                    if (score >= threshold) {
                        wanted.add(Box.centred((x + t.real(at)) * stride, (y + t.real(at + 1)) * stride, Math.exp(t.real(at + 2)) * stride,
                                Math.exp(t.real(at + 3)) * stride, score, cls));
                    }
                }
            }
        }
        Head head = Decoded.recognised(List.of(t), WIDTH, HEIGHT);
        assertEquals(new YoloxHead(classes, List.of(8, 16, 32), ScoreActivation.NONE), head);
        Decoded.check("yolox " + kind, head, List.of(t), WIDTH, HEIGHT, threshold, wanted);
        assertThrows(IllegalArgumentException.class, () -> head.bind(List.of(t), WIDTH + 32, HEIGHT, threshold));
        assertThrows(IllegalArgumentException.class, () -> new YoloxHead(4, List.of(8, 16, 32), ScoreActivation.NONE).bind(List.of(t),
                WIDTH, HEIGHT, 0.1f));
    }

    /** The same numbers as logits: a sigmoid more. */
    @Test
    void yoloxLogits() {
        Random r = new Random(2);
        Tensor t = Decoded.random(r, Kind.INT8.logits(1, 126, 7), -5, 5);
        List<Box> wanted = new ArrayList<>();
        int row = 0;
        for (int stride : STRIDES) {
            for (int cell = 0; cell < cells(stride); cell++, row++) {
                long at = 7L * row;
                int cls = t.real(at + 6) > t.real(at + 5) ? 1 : 0;
                double score = sigmoid(t.real(at + 4)) * sigmoid(t.real(at + 5 + cls));
                if (score >= 0.5f) {
                    int across = WIDTH / stride;
                    wanted.add(Box.centred((cell % across + t.real(at)) * stride, (cell / across + t.real(at + 1)) * stride,
                            Math.exp(t.real(at + 2)) * stride, Math.exp(t.real(at + 3)) * stride, score, cls));
                }
            }
        }
        Decoded.check("yolox logits", new YoloxHead(2, List.of(8, 16, 32), ScoreActivation.SIGMOID), List.of(t), WIDTH, HEIGHT, 0.5f,
                wanted);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void yoloV5Maps(Kind kind) {
        for (int classes : new int[] {1, 4}) {
            for (boolean rank5 : new boolean[] {false, true}) {
                yoloV5Maps(kind, classes, rank5);
            }
        }
    }

    private static void yoloV5Maps(Kind kind, int classes, boolean rank5) {
        Random r = new Random(3 + classes);
        int row = 5 + classes;
        List<Tensor> maps = new ArrayList<>();
        List<Box> wanted = new ArrayList<>();
        float threshold = 0.5f;
        for (int l = 0; l < 3; l++) {
            int s = STRIDES[l];
            int w = WIDTH / s;
            int h = HEIGHT / s;
            Tensor t = Decoded.random(r, rank5 ? kind.logits(1, 3, h, w, row) : kind.logits(1, 3 * row, h, w), -4, 4);
            maps.add(t);
            for (int a = 0; a < 3; a++) {
                for (int y = 0; y < h; y++) {
                    for (int x = 0; x < w; x++) {
                        double[] v = new double[row];
                        for (int c = 0; c < row; c++) {
                            v[c] = sigmoid(t.real(rank5 ? ((long) (a * h + y) * w + x) * row + c : ((long) (a * row + c) * h + y) * w + x));
                        }
                        int cls = argmax(classes, c -> v[5 + c]);
                        double score = classes == 1 ? v[4] : v[4] * v[5 + cls];
                        if (score >= threshold) {
                            int anchor = 2 * (3 * l + a);
                            wanted.add(Box.centred((2 * v[0] - 0.5 + x) * s, (2 * v[1] - 0.5 + y) * s,
                                    4 * v[2] * v[2] * YoloV5RawHead.V5_ANCHORS.get(anchor),
                                    4 * v[3] * v[3] * YoloV5RawHead.V5_ANCHORS.get(anchor + 1), score, cls));
                        }
                    }
                }
            }
        }
        // The order of the outputs does not matter, their sizes tell.
        List<Tensor> turned = List.of(maps.get(2), maps.get(0), maps.get(1));
        Signature s = Signature.of(turned.stream().map(Tensor::type).toList(), WIDTH, HEIGHT);
        Head head = Heads.named("yolov5-raw", s).orElseThrow();
        assertEquals(new YoloV5RawHead("yolov5-raw", classes, List.of(8, 16, 32), YoloV5RawHead.V5_ANCHORS, ScoreActivation.SIGMOID), head);
        Decoded.check("yolov5 maps " + kind + " of " + classes, head, turned, WIDTH, HEIGHT, threshold, wanted);
        // Shapes cannot tell the two sets of anchors apart.
        assertTrue(Heads.matching(s).stream().map(Head::name).toList().containsAll(List.of("yolov5-raw", "yolov7-raw")));
        assertThrows(IllegalArgumentException.class, () -> head.bind(maps, WIDTH, HEIGHT + 32, threshold));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void yoloV8(Kind kind) {
        Random r = new Random(5);
        int classes = 6;
        int n = 126;
        for (boolean planes : new boolean[] {true, false}) {
            Tensor t = Decoded.random(r, planes ? kind.parts(1, 4 + classes, n) : kind.parts(1, n, 4 + classes), 0, 1);
            List<Box> wanted = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                long at = planes ? i : (long) i * (4 + classes);
                long step = planes ? n : 1;
                int cls = argmax(classes, c -> t.real(at + (4 + c) * step));
                double score = t.real(at + (4 + cls) * step);
                if (score >= 0.9f) {
                    wanted.add(Box.centred(t.real(at) * WIDTH, t.real(at + step) * HEIGHT, t.real(at + 2 * step) * WIDTH,
                            t.real(at + 3 * step) * HEIGHT, score, cls));
                }
            }
            Decoded.check("yolov8 " + kind, new YoloV8Head(classes, planes, true, ScoreActivation.NONE), List.of(t), WIDTH, HEIGHT, 0.9f,
                    wanted);
        }
    }

    @Test
    void yoloV8IsRecognisedWithItsUnits() {
        List<Tensor> planes = List.of(Decoded.random(new Random(1), TensorType.of(DType.FLOAT32, 1, 84, 126), 0, 1));
        assertEquals(new YoloV8Head(80, true, false, ScoreActivation.NONE), Decoded.recognised(planes, WIDTH, HEIGHT));
        List<Tensor> parts = List.of(Decoded.random(new Random(1), Kind.UINT8.parts(1, 84, 126), 0, 1));
        assertEquals(new YoloV8Head(80, true, true, ScoreActivation.NONE), Decoded.recognised(parts, WIDTH, HEIGHT));
        Signature rows = Signature.of(List.of(TensorType.of(DType.FLOAT32, 1, 126, 84)), WIDTH, HEIGHT);
        assertEquals("yolox", Heads.matching(rows).get(0).name());
        assertEquals(new YoloV8Head(80, false, false, ScoreActivation.NONE), Heads.named("yolov8", rows).orElseThrow());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void distributions(Kind kind) {
        for (DistributionHead.Form form : DistributionHead.Form.values()) {
            distributions(kind, form);
        }
    }

    private static void distributions(Kind kind, DistributionHead.Form form) {
        Random r = new Random(form.ordinal());
        int classes = 7;
        int bins = form == DistributionHead.Form.MAPS ? 16 : 8;
        int[] strides = form == DistributionHead.Form.ROWS ? new int[] {8, 16, 32, 64} : STRIDES;
        int height = 60;
        int columns = classes + 4 * bins;
        List<Tensor> outputs = new ArrayList<>();
        List<Box> wanted = new ArrayList<>();
        int total = IntStream.of(strides).map(s -> Math.ceilDiv(WIDTH, s) * Math.ceilDiv(height, s)).sum();
        if (form == DistributionHead.Form.ROWS) {
            outputs.add(Decoded.random(r, kind.logits(1, total, columns), -5, 5));
        }
        float threshold = 0.95f;
        int row = 0;
        for (int s : strides) {
            int w = Math.ceilDiv(WIDTH, s);
            int h = Math.ceilDiv(height, s);
            switch (form) {
                case PAIRS -> {
                    outputs.add(Decoded.random(r, kind.logits(1, w * h, classes), -5, 5));
                    outputs.add(Decoded.random(r, kind.logits(1, w * h, 4 * bins), -5, 5));
                }
                case MAPS -> outputs.add(Decoded.random(r, kind.logits(1, columns, h, w), -5, 5));
                case ROWS -> { }
            }
            Tensor last = outputs.get(outputs.size() - 1);
            Tensor scores = form == DistributionHead.Form.PAIRS ? outputs.get(outputs.size() - 2) : last;
            for (int i = 0; i < w * h; i++, row++) {
                int cell = i;
                int line = row;
                int cls = argmax(classes, c -> scores.real(switch (form) {
                    case PAIRS -> (long) cell * classes + c;
                    case ROWS -> (long) line * columns + c;
                    case MAPS -> (long) (4 * bins + c) * w * h + cell;
                }));
                double score = sigmoid(scores.real(switch (form) {
                    case PAIRS -> (long) cell * classes + cls;
                    case ROWS -> (long) line * columns + cls;
                    case MAPS -> (long) (4 * bins + cls) * w * h + cell;
                }));
                double[] side = new double[4];
                for (int k = 0; k < 4; k++) {
                    double sum = 0;
                    for (int b = 0; b < bins; b++) {
                        int bin = k * bins + b;
                        double e = Math.exp(last.real(switch (form) {
                            case PAIRS -> (long) cell * 4 * bins + bin;
                            case ROWS -> (long) line * columns + classes + bin;
                            case MAPS -> (long) bin * w * h + cell;
                        }));
                        sum += e;
                        side[k] += b * e;
                    }
                    side[k] *= s / sum;
                }
                if (score >= threshold) {
                    double x = (cell % w + 0.5) * s;
                    double y = (cell / w + 0.5) * s;
                    wanted.add(new Box(x - side[0], y - side[1], x + side[2], y + side[3], score, cls));
                }
            }
        }
        List<Integer> levels = IntStream.of(strides).boxed().toList();
        Head head = new DistributionHead("test", classes, bins, levels, form, ScoreActivation.SIGMOID);
        Decoded.check("distribution " + form + " " + kind, head, outputs, WIDTH, height, threshold, wanted);
        assertThrows(IllegalArgumentException.class, () -> head.bind(outputs.subList(0, outputs.size() - 1), WIDTH, height, threshold));
        Signature s = Signature.of(outputs.stream().map(Tensor::type).toList(), WIDTH, height);
        String name = switch (form) {
            case PAIRS -> "nanodet";
            case ROWS -> "nanodet-plus";
            case MAPS -> "yolov8-raw";
        };
        assertEquals(new DistributionHead(name, classes, bins, levels, form, form == DistributionHead.Form.MAPS ? ScoreActivation.SIGMOID
                : ScoreActivation.NONE), Heads.named(name, s).orElseThrow());
    }

    @Test
    void nanoDetAndPicoDetDifferInTheirLevels() {
        List<TensorType> types = new ArrayList<>();
        for (int rows : new int[] {2704, 676, 169}) {
            types.add(TensorType.of(DType.FLOAT32, 1, rows, 80));
            types.add(TensorType.of(DType.FLOAT32, 1, rows, 32));
        }
        assertEquals(List.of(new DistributionHead("nanodet", 80, 8, List.of(8, 16, 32), DistributionHead.Form.PAIRS, ScoreActivation.NONE)),
                Heads.matching(types, 416, 416));
        types.add(TensorType.of(DType.FLOAT32, 1, 49, 32));
        types.add(TensorType.of(DType.FLOAT32, 1, 49, 80));
        assertEquals(List.of("picodet"), Heads.matching(types, 416, 416).stream().map(Head::name).toList());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void yoloFastestV2(Kind kind) {
        for (boolean maps : new boolean[] {false, true}) {
            yoloFastestV2(kind, maps);
        }
    }

    private static void yoloFastestV2(Kind kind, boolean maps) {
        Random r = new Random(7);
        int classes = 4;
        float threshold = maps ? 0.4f : 0.6f;
        List<Tensor> outputs = new ArrayList<>();
        List<Box> wanted = new ArrayList<>();
        for (int l = 0; l < 2; l++) {
            int s = 16 << l;
            int w = WIDTH / s;
            int h = HEIGHT / s;
            Tensor reg = Decoded.random(r, maps ? kind.logits(1, 12, h, w) : kind.parts(1, h, w, 15 + classes), maps ? -5 : 0, maps ? 5
                    : 1);
            Tensor obj = maps ? Decoded.random(r, kind.logits(1, 3, h, w), -5, 5) : reg;
            Tensor cls = maps ? Decoded.random(r, kind.logits(1, classes, h, w), -5, 5) : reg;
            outputs.addAll(maps ? List.of(reg, obj, cls) : List.of(reg));
            for (int a = 0; a < 3; a++) {
                for (int i = 0; i < w * h; i++) {
                    long cell = i;
                    long row = (long) i * (15 + classes);
                    int best = argmax(classes, c -> cls.real(maps ? (long) c * w * h + cell : row + 15 + c));
                    double prob = maps ? softmax(classes, best, c -> cls.real((long) c * w * h + cell)) : cls.real(row + 15 + best);
                    double certainty = maps ? sigmoid(obj.real((long) a * w * h + cell)) : obj.real(row + 12 + a);
                    double[] v = new double[4];
                    for (int k = 0; k < 4; k++) {
                        v[k] = maps ? sigmoid(reg.real((long) (4 * a + k) * w * h + cell)) : reg.real(row + 4 * a + k);
                    }
                    if (prob * certainty >= threshold) {
                        int anchor = 2 * (3 * l + a);
                        wanted.add(Box.centred((2 * v[0] - 0.5 + i % w) * s, (2 * v[1] - 0.5 + i / w) * s,
                                Math.pow(2 * v[2], 2) * YoloFastestV2Head.ANCHORS.get(anchor), Math.pow(2 * v[3],
                                2) * YoloFastestV2Head.ANCHORS.get(anchor + 1), prob * certainty, best));
                    }
                }
            }
        }
        Head head = Decoded.recognised(outputs, WIDTH, HEIGHT);
        assertEquals(new YoloFastestV2Head(classes, List.of(16, 32), YoloFastestV2Head.ANCHORS, maps), head);
        Decoded.check("yolo-fastestv2 " + kind + (maps ? " maps" : ""), head, outputs, WIDTH, HEIGHT, threshold, wanted);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void fastestDet(Kind kind) {
        Random r = new Random(8);
        int classes = 9;
        int w = WIDTH / 16;
        int h = HEIGHT / 16;
        for (boolean activated : new boolean[] {true, false}) {
            Tensor t = Decoded.random(r, kind.logits(1, 5 + classes, h, w), -3, 3);
            if (activated) {
                Decoded.fill(r, t, 0, w * h, 1, 0, 1);
                Decoded.fill(r, t, 5L * w * h, (5L + classes) * w * h, 1, 0, 1);
            }
            float threshold = activated ? 0.75f : 0.6f;
            List<Box> wanted = new ArrayList<>();
            for (int i = 0; i < w * h; i++) {
                int cell = i;
                int cls = argmax(classes, c -> t.real((5L + c) * w * h + cell));
                double obj = activated ? t.real(i) : sigmoid(t.real(i));
                double prob = activated ? t.real((5L + cls) * w * h + i) : softmax(classes, cls, c -> t.real((5L + c) * w * h + cell));
                double score = Math.pow(obj, 0.6) * Math.pow(prob, 0.4);
                if (score >= threshold) {
                    wanted.add(Box.centred((i % w + Math.tanh(t.real((long) w * h + i))) / w * WIDTH, (i / w
                            + Math.tanh(t.real(2L * w * h + i))) / h * HEIGHT,
                            sigmoid(t.real(3L * w * h + i)) * WIDTH, sigmoid(t.real(4L * w * h + i)) * HEIGHT, score, cls));
                }
            }
            Decoded.check("fastestdet " + kind, new FastestDetHead(classes, activated), List.of(t), WIDTH, HEIGHT, threshold, wanted);
        }
        // A FOMO of as many classes has the same shape; only the graph can tell.
        List<TensorType> types = List.of(TensorType.of(DType.FLOAT32, 1, 5 + classes, h, w));
        assertEquals(List.of("fomo", "fastestdet"), Heads.matching(types, WIDTH, HEIGHT).stream().map(Head::name).toList());
    }
}
