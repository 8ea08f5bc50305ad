package ocelli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import ocelli.core.model.Model;
import ocelli.core.model.Models;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.testkit.SharedData;
import ocelli.testkit.TfliteOracle;
import ocelli.vision.Detection;
import ocelli.vision.Detector;
import ocelli.vision.Recipes;
import ocelli.vision.image.Frame;
import ocelli.vision.image.Images;
import org.junit.jupiter.api.Test;

/** The boxes that a user gets from the quantised SSD, against TensorFlow Lite's outputs for the same input tensor. */
class CocoSsdDetectionsTest {
    private static final String MODEL = "coco_ssd_mobilenet_v1_quant/coco_ssd_mobilenet_v1_1.0_quant_2018_06_29.tflite";
    private static final float THRESHOLD = 0.3f;
    private static final double IOU = 0.98;
    private static final double SCORE = 0.01;

    /** A detection as TensorFlow Lite's four outputs have it, in pixels of the photo. */
    private record Box(int cls, double score, double x1, double y1, double x2, double y2) {
        double iou(Detection d) {
            double w = Math.max(0, Math.min(x2, d.x2()) - Math.max(x1, d.x1()));
            double h = Math.max(0, Math.min(y2, d.y2()) - Math.max(y1, d.y1()));
            return w * h / ((x2 - x1) * (y2 - y1) + (d.x2() - d.x1()) * (double) (d.y2() - d.y1()) - w * h);
        }
    }

    @Test
    void theSameBoxesAsTensorFlowLite() throws IOException {
        TfliteOracle.require();
        Path file = SharedData.model(MODEL);
        Model model = Models.read(file);
        int boxes = 0;
        double worstIou = 1;
        double worstScore = 0;
        List<Path> photos = photos();
        try (TfliteOracle oracle = TfliteOracle.open(file);
             Detector detector = Detector.open(Session.open(model.graph(), SessionOptions.defaults().withThreads(2)),
                     Recipes.recognise(file.toString(), model).withThreshold(THRESHOLD))) {
            for (Path photo : photos) {
                Frame frame = Images.read(photo);
                List<Detection> found = detector.detect(frame);
                List<Box> wanted = boxes(oracle.run(detector.session().inputs()), frame);
                assertEquals(wanted.size(), found.size(), photo + ": wanted " + wanted + ", found " + found);
                for (int i = 0; i < found.size(); i++) {
                    String what = photo + ", detection " + i + ": wanted " + wanted.get(i) + ", found " + found.get(i);
                    assertEquals(wanted.get(i).cls, found.get(i).classIndex(), what);
                    double iou = wanted.get(i).iou(found.get(i));
                    double score = Math.abs(wanted.get(i).score - found.get(i).score());
                    assertTrue(iou >= IOU && score <= SCORE, what);
                    worstIou = Math.min(worstIou, iou);
                    worstScore = Math.max(worstScore, score);
                }
                boxes += found.size();
            }
        }
        System.out.printf(Locale.ROOT, "coco_ssd detections: %d boxes on %d photos, worst IoU %.6f, worst score difference %.2g%n", boxes,
                photos.size(), worstIou, worstScore);
        assertFalse(boxes < photos.size(), "too few boxes to tell anything: " + boxes);
    }

    private static List<Path> photos() throws IOException {
        List<Path> photos = new ArrayList<>();
        for (String folder : List.of("tflite_support_photos", "coco_gt11/images", "face_photos", "coco_val2017_100/images")) {
            try (Stream<Path> files = Files.list(SharedData.image(folder))) {
                // Pictures of segmentation masks are no photos.
                files.filter(f -> f.toString().matches(".*\\.(jpg|png)") && !f.toString().contains("golden")).sorted().limit(40).forEach(photos::add);
            }
        }
        return photos;
    }

    /** Outputs: boxes as y1, x1, y2, x2 in 0…1, classes, scores, count. */
    private static List<Box> boxes(List<byte[]> outputs, Frame frame) {
        float[] corners = floats(outputs.get(0));
        float[] classes = floats(outputs.get(1));
        float[] scores = floats(outputs.get(2));
        List<Box> boxes = new ArrayList<>();
        for (int i = 0; i < floats(outputs.get(3))[0]; i++) {
            Box box = new Box(Math.round(classes[i]), scores[i], clip(corners[4 * i + 1], frame.width()), clip(corners[4 * i], frame.height()),
                    clip(corners[4 * i + 3], frame.width()), clip(corners[4 * i + 2], frame.height()));
            if (box.score >= THRESHOLD && box.x1 < box.x2 && box.y1 < box.y2) {
                boxes.add(box);
            }
        }
        return boxes;
    }

    private static double clip(float share, int side) {
        return Math.clamp(share * (double) side, 0, side);
    }

    private static float[] floats(byte[] bytes) {
        float[] values = new float[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }
}
