package ocelli.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import ocelli.testkit.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ocelli eval} against published numbers, and with real models on annotated photos. */
class EvalTest {
    private static final double PUBLISHED = 1e-6;

    @TempDir
    private Path dir;

    /** Numbers by the path of their fields, such as "results.coco.AP"; of lists the first element's. */
    private static Map<String, Double> numbers(String json) throws IOException {
        Map<String, Double> numbers = new HashMap<>();
        try (JsonParser p = new JsonFactory().createParser(json)) {
            for (JsonToken t = p.nextToken(); t != null; t = p.nextToken()) {
                if (t.isNumeric()) {
                    numbers.putIfAbsent(p.getParsingContext().pathAsPointer().toString().replaceAll("/\\d+", "").substring(1).replace('/',
                            '.'),
                            p.getDoubleValue());
                }
            }
        }
        return numbers;
    }

    private static Map<String, Double> eval(Object... args) throws IOException {
        CliRun run = run(args);
        assertEquals(0, run.code(), run.err().toString());
        return numbers(run.out());
    }

    private static CliRun run(Object... args) {
        Object[] all = new Object[args.length + 3];
        System.arraycopy(args, 0, all, 1, args.length);
        all[0] = "eval";
        all[args.length + 1] = "--json";
        all[args.length + 2] = "-";
        return CliRun.of(all);
    }

    private static Path reference(String file) {
        return SharedData.image("map_reference/tests/test_coco_eval/" + file);
    }

    @Test
    void publishedNumbersOfCoco() throws IOException {
        Map<String, Double> found = eval("--detections", reference("dets/sampled_bbox_results.json"), "--annotations",
                reference("gts/sampled_gts_bbox_area.json"));
        List<String> lines = Files.readAllLines(reference("expected_coco_metrics.txt")).stream().filter(l -> !l.startsWith("#")).toList();
        assertEquals(12, lines.size());
        for (String line : lines) {
            String[] words = line.split(" ");
            assertEquals(Double.parseDouble(words[1]), found.get("results.coco." + words[0]), PUBLISHED, words[0]);
        }
    }

    /** What pycocotools 2.0 says of the same detections, once their numbers of photos and categories are put right. */
    @Test
    void detectionsWithNamesOfTheirOwn() throws IOException {
        Path voc = SharedData.image("voc100_with_gt_and_dets");
        Map<String, Double> found = eval("--detections", voc.resolve("dets/coco_format/coco_dets.json"), "--annotations",
                voc.resolve("gts/coco_format_v1/instances_default.json"));
        assertEquals(0.346958, found.get("results.coco.AP"), PUBLISHED);
        assertEquals(0.610030, found.get("results.coco.AP50"), PUBLISHED);
        assertEquals(0.158333, found.get("results.coco.ARsmall"), PUBLISHED);
    }

    @Test
    void aModelOnAnnotatedPhotos() throws IOException {
        Path yolox = SharedData.model("yolox_nano/yolox_nano.onnx");
        Path gt = SharedData.image("coco_gt11/instances_gt11.json");
        Path out = dir.resolve("new/folder");
        CliRun run = CliRun.of("eval", yolox, "--images", SharedData.image("coco_gt11/images"), "--annotations", gt, "--json",
                dir.resolve("e.json"), "--out", out);
        assertEquals(0, run.code(), run.err().toString());
        assertTrue(run.out().contains("11 photos, 91 objects of 80 categories") && run.out().contains("VOC 11-point"), run.out());
        Map<String, Double> found = numbers(Files.readString(dir.resolve("e.json")));
        assertEquals(0.354, found.get("results.coco.AP"), 0.01);
        assertEquals(0.584, found.get("results.coco.AP50"), 0.01);
        assertEquals(1440, ImageIO.read(out.resolve("worst-misses.png").toFile()).getWidth());
    }

    /** Without names of its own the quantised SSD counts classes as COCO's ids are. */
    @Test
    void aQuantisedModelWithoutNames() throws IOException {
        Path ssd = SharedData.model("coco_ssd_mobilenet_v1_quant/coco_ssd_mobilenet_v1_1.0_quant_2018_06_29.tflite");
        Map<String, Double> found = eval(ssd, "--images", SharedData.image("coco_gt11/images"), "--annotations",
                SharedData.image("coco_gt11/instances_gt11.json"));
        assertEquals(0.201, found.get("results.coco.AP"), 0.01);
    }

    @Test
    void whatAQuantisedModelHasLost() throws IOException {
        Path people = SharedData.image("coco_val2017_100");
        Path map = Files.writeString(dir.resolve("map.txt"), "# one class without a name\nclass 0 = person\n");
        Map<String, Double> found = eval(SharedData.model("seeed_person/COCO_Person_yolov5_tiny_1xb16_300e_coco_int8_470cfb.tflite"),
                "--float",
                SharedData.model("seeed_person/COCO_Person_yolov5_tiny_1xb16_300e_coco_cdb8b0.onnx"), "--images", people.resolve("images"),
                "--annotations", people.resolve("labels_person_keypoints_yolo"), "--map", map, "--threads", 2);
        assertEquals(55, found.get("photos"));
        assertEquals(0.332, found.get("results.coco.AP"), 0.01, "the float model comes first");
        assertEquals(0.955, found.get("survival.share"), 0.03);
        assertTrue(found.get("survival.asked") > 70, found.toString());
    }

    @Test
    void twoModelsWithoutAnnotations() throws IOException {
        Path faces = SharedData.model("mediapipe_face_npm/face_detection_short_range.tflite");
        Map<String, Double> found = eval(faces, "--float", faces, "--images", SharedData.image("face_photos"));
        assertEquals(found.get("survival.asked"), found.get("survival.survived"));
        assertEquals(0, found.get("survival.scoreMove"));
        assertTrue(found.get("survival.asked") > 2, found.toString());
    }

    @Test
    void categoriesThatAModelDoesNotKnowAreNamed() {
        CliRun run = CliRun.of("eval", SharedData.model("mediapipe_objectron_npm/object_detection_ssd_mobilenetv2_oidv4_fp16.tflite"),
                "--labels",
                SharedData.model("mediapipe_objectron_npm/object_detection_oidv4_labelmap.txt"), "--images",
                SharedData.image("voc100_with_gt_and_dets/images"), "--annotations",
                SharedData.image("voc100_with_gt_and_dets/gts/pascalvoc_format"));
        assertEquals(0, run.code(), run.err().toString());
        assertTrue(run.out().contains("100 photos, 160 objects of 7 categories"), run.out());
        assertTrue(run.out().contains("do not have its Boot, Laptop, Cattle") && run.out().contains("does not know aeroplane, bird, boat"),
                run.out());
    }
}
