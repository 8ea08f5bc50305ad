package ocelli.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ocelli.testkit.SharedData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of {@code ocelli detect} that say what a detector is, and the sidecar file, on real ONNX files. */
class DetectOptionsTest {
    @TempDir
    private Path dir;
    private Path yolox;
    private Path yunet;
    private Path people;
    private Path faces;

    @BeforeEach
    void models() {
        yolox = SharedData.model("yolox_nano/yolox_nano.onnx");
        yunet = SharedData.model("yunet/yunet_n_320_320.onnx");
        people = SharedData.image("coco_gt11/images/000000000785.jpg");
        faces = SharedData.image("face_photos/13.jpg");
    }

    private static CliRun detect(Object... args) {
        List<Object> all = new ArrayList<>(List.of("detect", "--json", "-", "--model"));
        all.addAll(List.of(args));
        return CliRun.of(all.toArray());
    }

    private static void refused(int code, String message, CliRun run) {
        assertEquals(code, run.code(), run.err().toString());
        assertEquals(1, run.err().size(), run.err().toString());
        assertTrue(run.err().get(0).contains(message), run.err().toString());
        assertEquals("", run.out());
    }

    private static int boxes(CliRun run) {
        assertEquals(0, run.code(), run.err().toString());
        return run.out().split("\"box\"", -1).length - 1;
    }

    @Test
    void modelsOfEightyClassesHaveNames() {
        CliRun run = detect(yolox, people);
        assertEquals(2, boxes(run));
        assertTrue(run.out().contains("\"person\"") && run.out().contains("\"skis\""), run.out());
        assertFalse(run.out().contains("keypoints"), run.out());
    }

    @Test
    void pointsAreInTheJson() {
        CliRun run = detect(yunet, faces);
        assertEquals(2, boxes(run));
        assertEquals(2, run.out().split("\"keypoints\"", -1).length - 1, run.out());
    }

    @Test
    void namedDecoders() {
        assertEquals(2, boxes(detect(yolox, "--decoder", "yolox", people)));
        refused(2, "--decoder is yolo, wanted one of tflite-postprocess, fomo, yolox", detect(yolox, "--decoder", "yolo", people));
        refused(3, "decoder nanodet: found an input of 416x416 and outputs [float32[1, 3549, 85]], wanted [1,cells,classes]",
                detect(yolox, "--decoder", "nanodet", people));
    }

    @Test
    void suppression() {
        int none = boxes(detect(yolox, "--nms", "none", people));
        assertTrue(none > 10, none + " boxes without suppression");
        assertEquals(none, boxes(detect(yolox, "--iou", "1", people)));
        assertEquals(2, boxes(detect(yolox, "--nms", "diou", "--iou", "0.3", people)));
        refused(2, "--nms is hard, wanted one of greedy, class-agnostic", detect(yolox, "--nms", "hard", people));
        refused(2, "--iou is 1.5, wanted 0…1", detect(yolox, "--iou", "1.5", people));
    }

    @Test
    void labelsThatDoNotFit() throws IOException {
        Path labels = Files.writeString(dir.resolve("labels.txt"), "a\nb\n");
        refused(4, "found 2 labels, wanted 80", detect(yolox, "--labels", labels, people));
    }

    @Test
    void optionsBeatTheSidecarBeatsRecognition() throws IOException {
        Path model = Files.copy(yolox, dir.resolve("net.onnx"));
        Path sidecar = Files.writeString(dir.resolve("net.yaml"), "threshold: 0.8\nresize: stretch\n");
        assertEquals(1, boxes(detect(model, people)));
        assertEquals(2, boxes(detect(model, "--threshold", "0.3", people)));
        Files.writeString(sidecar, "nms: none\nmax-detections: 3\niou: 0.5\n");
        assertTrue(boxes(detect(model, people)) > 10);
        assertEquals(2, boxes(detect(model, "--nms", "greedy", people)));
        Files.writeString(sidecar, "decoder: nanodet\n");
        refused(3, "decoder nanodet: found an input", detect(model, people));
        assertEquals(2, boxes(detect(model, "--decoder", "yolox", people)));
        Files.writeString(sidecar, "labels: [a, b]\n");
        refused(4, "found 2 labels, wanted 80", detect(model, people));
        Files.writeString(sidecar, "threshold: 0.8\nlables: x\n");
        refused(3, "net.yaml, line 2: found the unknown key lables, wanted one of labels, mean", detect(model, people));
        Files.writeString(sidecar, "threshold: high\n");
        refused(3, "net.yaml, line 1: threshold is high, wanted a number of 0…1", detect(model, people));
    }
}
