package ocelli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import ocelli.core.model.Model;
import ocelli.core.model.Models;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.Tensor;
import ocelli.models.PlainBoxes.Box;
import ocelli.models.PlainBoxes.Raw;
import ocelli.testkit.OrtOracle;
import ocelli.testkit.SharedData;
import ocelli.vision.Detection;
import ocelli.vision.Detector;
import ocelli.vision.Recipe;
import ocelli.vision.Recipes;
import ocelli.vision.image.Frame;
import ocelli.vision.image.Images;
import ocelli.vision.prepare.Layout;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The boxes that a user gets from each ONNX detector, against boxes made by {@link PlainBoxes} of ONNX Runtime's outputs for
 * the same input tensor. The drawn boxes were looked at on these photos.
 */
class OnnxDetectionsTest {
    private static final String COCO = "coco_gt11/images";
    private static final String FACES = "face_photos";

    /** How a photo lies on the model's input. */
    private enum Fit { STRETCHED, CENTRED, TOP_LEFT }

    /**
     * A model and how to read it.
     *
     * @param head   name of the decoder that has to be recognised
     * @param decode boxes from raw outputs and the threshold
     * @param least  boxes that must be found on all photos together, so that the test says something
     * @param like   how much the boxes are like those of the oracle
     */
    record Case(String file, String head, String photos, Fit fit, float threshold, BiFunction<List<Raw>, Float, List<Box>> decode,
            int least,
                Likeness like) {
        @Override
        public String toString() {
            return file.substring(file.lastIndexOf('/') + 1);
        }
    }

    /**
     * How much two lists of boxes are alike.
     *
     * @param iou   smallest overlap of a box with its partner
     * @param score largest difference of their scores
     * @param alone largest share of boxes without a partner
     */
    record Likeness(double iou, double score, double alone) {
    }

    /** Of the decoder with the plain one on the same tensors. */
    private static final Likeness SAME = new Likeness(0.9999, 1e-5, 0);
    /** Of float models with the oracle's tensors. */
    private static final Likeness CLOSE = new Likeness(0.99, 0.002, 0);
    /**
     * Of a model each of whose 80 layers rounds to 8 bits by the largest number of the frame, and that picks queries by rank
     * in between: a difference in the last bit of a float may change a pick. (ONNX Runtime with and without its optimisations
     * differs from itself by up to 0.17 in a score on three of these photos.)
     */
    private static final Likeness DYNAMIC = new Likeness(0.8, 0.08, 0.2);

    private static Case close(String file, String head, String photos, Fit fit, float threshold, BiFunction<List<Raw>, Float,
            List<Box>> decode,
                              int least) {
        return new Case(file, head, photos, fit, threshold, decode, least, CLOSE);
    }

    static Stream<Case> cases() {
        return Stream.of(
                close("yolox_nano/yolox_nano.onnx", "yolox", COCO, Fit.TOP_LEFT, 0.3f, (r, t) -> PlainBoxes.greedy(PlainBoxes.yolox(r,
                416), t, 0.45), 40),
                close("nanodet_m/nanodet_m.onnx", "nanodet", COCO, Fit.CENTRED, 0.4f,
                        (r, t) -> PlainBoxes.greedy(PlainBoxes.distributions(r, 416, 8, 16, 32), t, 0.6), 35),
                close("picodet_s/picodet_s_320_coco.onnx", "picodet", COCO, Fit.STRETCHED, 0.4f,
                        (r, t) -> PlainBoxes.greedy(PlainBoxes.distributions(r, 320, 8, 16, 32, 64), t, 0.5), 35),
                close("fastestdet/FastestDet.onnx", "fastestdet", COCO, Fit.STRETCHED, 0.65f,
                        (r, t) -> PlainBoxes.greedy(PlainBoxes.fastestDet(r, 352), t, 0.45), 30),
                close("yunet/yunet_n_320_320.onnx", "yunet", FACES, Fit.TOP_LEFT, 0.6f, (r, t) -> PlainBoxes.greedy(PlainBoxes.yunet(r,
                320), t, 0.3), 95),
                close("ultraface/version-RFB-320.onnx", "ultraface", FACES, Fit.STRETCHED, 0.7f,
                        (r, t) -> PlainBoxes.greedy(PlainBoxes.ultraFace(r, 320, 240), t, 0.3), 90),
                close("mediapipe_face/face_detection_short_range.onnx", "ssd-face-short", FACES, Fit.CENTRED, 0.5f,
                        (r, t) -> PlainBoxes.blended(PlainBoxes.blazeFace(r.get(0).values(), r.get(1).values(), 128), t, 0.3), 3),
                close("blazeface_npm/face_detection_back_256x256_barracuda.onnx", "ssd-face-back", FACES, Fit.CENTRED, 0.5f,
                        (r, t) -> PlainBoxes.blended(PlainBoxes.blazeFace(join(r.get(0), r.get(1)), join(r.get(2), r.get(3)), 256), t,
                        0.3), 90),
                close("seeed_person/COCO_Person_yolov5_tiny_1xb16_300e_coco_cdb8b0.onnx", "yolov5", COCO, Fit.CENTRED, 0.25f,
                        (r, t) -> PlainBoxes.greedy(PlainBoxes.seeedYolo(r), t, 0.45), 15),
                close("seeed_person/COCO_Person_fomo_efficientnet_b0_x8_abl_coco_float32_0744ab.onnx", "fomo", COCO, Fit.STRETCHED, 0.5f,
                        (r, t) -> PlainBoxes.fomo(r, 96, t), 6),
                new Case("deimv2_atto/deimv2_atto_coco_int8.onnx", "end-to-end", COCO, Fit.STRETCHED, 0.4f,
                        (r, t) -> PlainBoxes.endToEnd(r).stream().filter(b -> b.score() >= t).toList(), 12, DYNAMIC));
    }

    @BeforeAll
    static void oracleIsHere() {
        OrtOracle.require();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theBoxesOfTheOraclesTensors(Case c) throws IOException {
        Path file = SharedData.model(c.file);
        Model model = Models.read(file);
        Recipe recipe = Recipes.recognise(file.toString(), model);
        assertEquals(c.head, recipe.head().name());
        assertEquals(c.threshold, recipe.threshold());
        Comparison own = new Comparison(c, SAME);
        Comparison oracles = new Comparison(c, c.like);
        try (OrtOracle oracle = OrtOracle.open(file, 2);
             Detector detector = Detector.open(Session.open(model.graph(), SessionOptions.defaults().withThreads(2)), recipe)) {
            for (Path photo : photos(c.photos)) {
                Frame frame = Images.read(photo);
                List<Detection> found = detector.detect(frame);
                own.add(found, onPhoto(c, detector.session().outputs(), recipe, detector, frame), photo);
                oracles.add(found, onPhoto(c, oracle.run(detector.session().inputs()), recipe, detector, frame), photo);
            }
        }
        own.check();
        oracles.check();
        System.out.printf(Locale.ROOT, "detections of %-72s %s%n", c, oracles);
    }

    /** Finds partners of boxes and keeps the worst figures. */
    private static final class Comparison {
        private final Case c;
        private final Likeness like;
        private final List<String> alone = new ArrayList<>();
        private int boxes;
        private double worstIou = 1;
        private double worstScore;

        Comparison(Case c, Likeness like) {
            this.c = c;
            this.like = like;
        }

        void add(List<Detection> found, List<Box> wanted, Path photo) {
            List<Detection> left = new ArrayList<>(found);
            for (Box w : wanted) {
                Detection best = left.stream().filter(d -> d.classIndex() == w.cls() && w.iou(d) >= like.iou && near(w, d))
                        .reduce((a, b) -> w.iou(b) > w.iou(a) ? b : a).orElse(null);
                if (best != null) {
                    left.remove(best);
                    boxes++;
                    worstIou = Math.min(worstIou, w.iou(best));
                    worstScore = Math.max(worstScore, Math.abs(w.score() - best.score()));
                } else if (w.score() >= c.threshold + like.score) {
                    alone.add(photo.getFileName() + ": wanted " + w);
                }
            }
            // At the threshold a difference in the last digit decides.
            left.removeIf(d -> d.score() < c.threshold + like.score);
            left.forEach(d -> alone.add(photo.getFileName() + ": found " + d));
        }

        private boolean near(Box w, Detection d) {
            return Math.abs(w.score() - d.score()) <= like.score;
        }

        void check() {
            assertTrue(alone.size() <= like.alone * boxes, () -> alone.size() + " boxes of " + c + " without a partner: " + alone);
            assertTrue(boxes >= c.least, "only " + boxes + " boxes of " + c + ", wanted at least " + c.least);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%3d boxes, %d without a partner, worst IoU %.6f, worst score difference %.2g", boxes,
                    alone.size(), worstIou, worstScore);
        }
    }

    private static List<Path> photos(String folder) throws IOException {
        try (Stream<Path> files = Files.list(SharedData.image(folder))) {
            return files.filter(f -> f.toString().endsWith(".jpg")).sorted().toList();
        }
    }

    private static Raw raw(Tensor t) {
        return new Raw(LongStream.range(0, t.type().shape().elements()).mapToDouble(t::get).toArray(), t.type().shape().toArray());
    }

    private static double[] join(Raw a, Raw b) {
        double[] out = new double[a.values().length + b.values().length];
        System.arraycopy(a.values(), 0, out, 0, a.values().length);
        System.arraycopy(b.values(), 0, out, a.values().length, b.values().length);
        return out;
    }

    /** From pixels of the input to pixels of the photo, clipped; what is left of nothing is left out. */
    private static List<Box> onPhoto(Case c, List<Tensor> outputs, Recipe recipe, Detector detector, Frame frame) {
        List<Box> boxes = c.decode.apply(outputs.stream().map(OnnxDetectionsTest::raw).toList(), c.threshold);
        int[] dims = detector.session().inputs().get(0).type().shape().toArray();
        boolean planes = recipe.layout() == Layout.NCHW;
        int width = planes ? dims[3] : dims[2];
        int height = planes ? dims[2] : dims[1];
        double scale = Math.min((double) width / frame.width(), (double) height / frame.height());
        double w = c.fit == Fit.STRETCHED ? width : Math.round(frame.width() * scale);
        double h = c.fit == Fit.STRETCHED ? height : Math.round(frame.height() * scale);
        double left = c.fit == Fit.CENTRED ? Math.floor((width - w) / 2) : 0;
        double top = c.fit == Fit.CENTRED ? Math.floor((height - h) / 2) : 0;
        List<Box> out = new ArrayList<>();
        for (Box b : boxes) {
            Box clipped = new Box(b.cls(), b.score(), Math.clamp((b.x1() - left) * frame.width() / w, 0, frame.width()),
                    Math.clamp((b.y1() - top) * frame.height() / h, 0, frame.height()), Math.clamp((b.x2() - left) * frame.width() / w, 0,
                    frame.width()), Math.clamp((b.y2() - top) * frame.height() / h, 0, frame.height()));
            if (clipped.x1() < clipped.x2() && clipped.y1() < clipped.y2()) {
                out.add(clipped);
            }
        }
        return out;
    }
}
