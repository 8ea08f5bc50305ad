package ocelli.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import ocelli.core.model.Model;
import ocelli.core.model.Models;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.testkit.SharedData;
import ocelli.vision.image.Frame;
import ocelli.vision.image.Images;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real detectors on real photos. The expected boxes are what TensorFlow Lite 2.20 finds with the same preparation; they
 * were looked at on the photos and lie where they should. (The quantised SSD takes the corgi for a cat. So it does there.)
 */
class RealModelsTest {
    private static final String PETS = "tflite_support_photos/cats_and_dogs.jpg";
    private static final String WALKER = "coco_val2017_100/images/000000000785.jpg";

    /**
     * One model on one photo.
     *
     * @param labels    file of labels beside the models, or empty for those of the recipe
     * @param threshold smallest score, 0 for that of the recipe
     * @param wanted    "label score x1 y1 x2 y2" of each detection by falling score
     */
    record Case(String model, String labels, float threshold, String photo, String... wanted) {
        @Override
        public String toString() {
            return model.substring(model.lastIndexOf('/') + 1) + " on " + photo.substring(photo.lastIndexOf('/') + 1);
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("mediapipe_objectron_npm/object_detection_ssd_mobilenetv2_oidv4_fp16.tflite",
                        "mediapipe_objectron_npm/object_detection_oidv4_labelmap.txt", 0.4f, PETS, "Dog 0.711 627 152 928 600",
                        "Cat 0.686 845 399 1101 600", "Dog 0.629 394 206 643 600", "Cat 0.594 80 396 417 599"),
                new Case("coco_ssd_mobilenet_v1_quant/coco_ssd_mobilenet_v1_1.0_quant_2018_06_29.tflite",
                        "coco_ssd_mobilenet_v1_quant/labelmap.txt", 0.48f, PETS, "cat 0.633 58 398 450 594", "cat 0.609 606 154 993 600",
                        "cat 0.563 262 394 440 600", "dog 0.500 390 198 666 600"),
                new Case("mediapipe_face_npm/face_detection_short_range.tflite", "", 0, "face_photos/13.jpg", "face 0.947 90 35 153 99",
                        "face 0.936 297 98 369 170"),
                new Case("mediapipe_face_npm/face_detection_full_range.tflite", "", 0, WALKER, "face 0.639 344 64 378 98"),
                new Case("mediapipe_pose_npm/pose_detection.tflite", "", 0, WALKER, "person 0.937 319 39 447 167"),
                new Case("mediapipe_hands_npm/palm_detection_lite.tflite", "", 0, "face_photos/12.jpg", "palm 0.943 630 555 681 606",
                        "palm 0.895 54 539 103 588", "palm 0.884 350 566 403 618", "palm 0.756 948 510 1001 563", "palm 0.585 226 531 271 576"),
                new Case("seeed_person/COCO_Person_yolov5_tiny_1xb16_300e_coco_float32_4ca1ba.tflite", "", 0, WALKER, "class_0 0.917 285 47 485 380"),
                new Case("seeed_person/COCO_Person_yolov5_tiny_1xb16_300e_coco_int8_470cfb.tflite", "", 0, WALKER, "class_0 0.912 287 47 486 377"),
                new Case("seeed_person/COCO_Person_fomo_efficientnet_b0_x8_abl_coco_int8_947570.tflite", "", 0, WALKER,
                        "class_1 0.996 320 142 427 283"),
                new Case("seeed_person/COCO_Person_fomo_mobnetv2_0.35_x8_abl_coco_int8_b6f29c.tflite", "", 0, WALKER,
                        "class_1 0.918 373 177 427 248"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void findsWhatIsThere(Case c) throws IOException {
        Model model = Models.read(SharedData.model(c.model()));
        Frame photo = Images.read(SharedData.image(c.photo()));
        Recipe recipe = Recipes.recognise(c.model(), model);
        if (c.threshold() > 0) {
            recipe = recipe.withThreshold(c.threshold());
        }
        if (!c.labels().isEmpty()) {
            recipe = recipe.withLabels(Labels.read(SharedData.model(c.labels())));
        }
        try (Detector detector = Detector.open(Session.open(model.graph(), SessionOptions.defaults()), recipe)) {
            List<Detection> found = detector.detect(photo);
            List<String> text = new ArrayList<>();
            for (Detection d : found) {
                text.add(String.format(Locale.ROOT, "%s %.3f %.0f %.0f %.0f %.0f", d.label().replace(' ', '_'), d.score(), d.x1(), d.y1(), d.x2(), d.y2()));
            }
            assertEquals(c.wanted().length, found.size(), text.toString());
            for (int i = 0; i < found.size(); i++) {
                String[] w = c.wanted()[i].split(" ");
                Detection d = found.get(i);
                assertEquals(w[0], d.label().replace(' ', '_'), text.toString());
                assertEquals(Float.parseFloat(w[1]), d.score(), 0.012, text.toString());
                assertTrue(iou(d, w) >= 0.95, "box " + i + " of " + text + ", wanted " + c.wanted()[i]);
            }
        }
    }

    private static double iou(Detection d, String[] w) {
        double[] b = Stream.of(w).skip(2).mapToDouble(Double::parseDouble).toArray();
        double width = Math.max(0, Math.min(d.x2(), b[2]) - Math.max(d.x1(), b[0]));
        double height = Math.max(0, Math.min(d.y2(), b[3]) - Math.max(d.y1(), b[1]));
        return width * height / ((d.x2() - d.x1()) * (d.y2() - d.y1()) + (b[2] - b[0]) * (b[3] - b[1]) - width * height);
    }
}
