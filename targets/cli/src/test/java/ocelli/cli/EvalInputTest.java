package ocelli.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import ocelli.testkit.SharedData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forms of files that {@code ocelli eval} reads, and its one line about each that it cannot. */
class EvalInputTest {
    private static final String DATA = """
            {"categories": [{"id": 3, "name": "cat"}, {"id": 7, "name": "dog"}],
             "annotations": [{"id": 0, "image_id": 5, "category_id": 3, "bbox": [0, 0, 50, 50], "segmentation": [[0, 1]], "iscrowd": 0}],
             "images": [{"id": 5, "file_name": "a.png"}]}
            """;
    private static final String FOUND = "[{\"image_id\": 5, \"category_id\": 3, \"bbox\": [0, 0, 50, 50], \"score\": 0.9}]";

    @TempDir
    private Path dir;
    private Path data;
    private Path found;

    @BeforeEach
    void files() throws IOException {
        data = Files.writeString(dir.resolve("data.json"), DATA);
        found = Files.writeString(dir.resolve("found.json"), FOUND);
    }

    private static void refused(int code, String message, Object... args) {
        CliRun run = CliRun.of(args);
        assertEquals(code, run.code(), run.err().toString());
        assertEquals(1, run.err().size(), run.err().toString());
        assertTrue(run.err().get(0).contains(message), run.err().toString());
        assertEquals("", run.out());
    }

    private void badData(String message, String text) throws IOException {
        refused(4, message, "eval", "--detections", found, "--annotations", Files.writeString(data, text));
    }

    private void badDetections(String message, String text) throws IOException {
        refused(4, message, "eval", "--detections", Files.writeString(found, text), "--annotations", data);
    }

    private void photo(String name) throws IOException {
        Files.createDirectories(dir.resolve("photos"));
        ImageIO.write(new BufferedImage(200, 100, BufferedImage.TYPE_INT_RGB), "png", dir.resolve("photos").resolve(name).toFile());
    }

    private String good(Object... args) {
        CliRun run = CliRun.of(args);
        assertEquals(0, run.code(), run.err().toString());
        return run.out();
    }

    @Test
    void cocoFiles() {
        String out = good("eval", "--detections", found, "--annotations", data);
        assertTrue(out.contains("1 photo, 1 object of 2 categories") && out.matches("(?s).*AP50 +1\\.0000.*cat +1 +1\\.0000.*"), out);
    }

    @Test
    void annotationsThatAreNone() throws IOException {
        badData("data.json: broken JSON at byte 15: ", "{\"categories\": }");
        badData("data.json: broken JSON at byte 80", DATA.substring(0, 80));
        badData("at byte 0 found an empty file, wanted JSON", "");
        badData("at byte 0 found a list, wanted an object for the annotations", "[]");
        badData("found the end of the annotations, wanted its annotations, categories before", "{\"images\": []}");
        badData("found more after the end", DATA + "7");
        badData("at byte 141 found the end of an annotation, wanted its bbox before", DATA.replaceFirst("\"bbox.*?], ",
                "").replaceFirst("\"segm.*?]], ", ""));
        badData("found a fifth number, wanted four for bbox", DATA.replace("50, 50", "50, 50, 50"));
        badData("found the end of a bbox of 3 numbers", DATA.replace("50, 50", "50"));
        badData("found a bbox of 50.0 by -5.0", DATA.replace("50, 50", "50, -5"));
        badData("found 1e999, wanted a number for bbox", DATA.replace("50, 50", "50, 1e999"));
        badData("found 3.5, wanted a whole number for category_id", DATA.replace("category_id\": 3", "category_id\": 3.5"));
        badData("annotation 1 has category_id 4, wanted one of the categories", DATA.replace("category_id\": 3", "category_id\": 4"));
        badData("annotation 1 has image_id 6, wanted one of the images", DATA.replace("image_id\": 5", "image_id\": 6"));
        badData("found the category id 7 a second time", DATA.replace("\"id\": 3", "\"id\": 7"));
        badData("found no photo", "{\"categories\": [], \"annotations\": [], \"images\": []}");
        refused(4, "none.json: no such file", "eval", "--detections", found, "--annotations", dir.resolve("none.json"));
        refused(4, "found a folder without .xml or .txt files", "eval", "--detections", found, "--annotations",
                Files.createDirectory(dir.resolve("x")));
    }

    @Test
    void detectionsThatAreNone() throws IOException {
        badDetections("at byte 0 found 7, wanted an object for the detections", "7");
        badDetections("wanted its score before", FOUND.replace(", \"score\": 0.9", ""));
        badDetections("found high, wanted a number for score", FOUND.replace("0.9", "\"high\""));
        badDetections("found detections in image 6, which the annotations do not have", FOUND.replace("image_id\": 5", "image_id\": 6"));
        refused(4, "found a folder, wanted a JSON file", "eval", "--detections", dir, "--annotations", data);
    }

    @Test
    void detectionsOfUnknownCategoriesAreCounted() throws IOException {
        Files.writeString(found, FOUND.replace("]", "").replace("50, 50", "50, 50]") + ", " + FOUND.substring(1).replace("id\": 3",
                "id\": 9"));
        assertTrue(good("eval", "--detections", found, "--annotations",
                data).contains("1 of 2 detections are of categories that the annotations"));
    }

    @Test
    void photosThatAreMissingOrBroken() throws IOException {
        Files.writeString(data, DATA.replace("a.png\"}",
                "a.png\"}, {\"id\": 6, \"file_name\": \"sub/b.png\"}, {\"id\": 7, \"file_name\": \"c.png\"}"));
        photo("a.png");
        CliRun run = CliRun.of("eval", "--detections", found, "--annotations", data, "--images", dir.resolve("photos"));
        assertEquals(4, run.code());
        assertEquals(1, run.err().size(), run.err().toString());
        assertTrue(run.err().get(0).contains("2 of the 3 photos of") && run.err().get(0).endsWith("are missing, the first is sub/b.png"),
                run.err().toString());
        assertTrue(run.out().startsWith("1 photo, 1 object"), run.out());
        photo("b.png");
        Files.writeString(dir.resolve("photos/c.png"), "no photo");
        Path yolox = SharedData.model("yolox_nano/yolox_nano.onnx");
        CliRun broken = CliRun.of("eval", yolox, "--annotations", data, "--images", dir.resolve("photos"));
        assertEquals(4, broken.code(), broken.err().toString());
        assertEquals(1, broken.err().size(), broken.err().toString());
        assertTrue(broken.err().get(0).contains("c.png: found a file that begins with"), broken.err().toString());
        assertTrue(broken.out().startsWith("2 photos, 1 object"), broken.out());
    }

    @Test
    void foldersWithoutPhotos() throws IOException {
        Path empty = Files.createDirectory(dir.resolve("empty"));
        refused(4, "empty: found no photo, wanted JPEG or PNG files", "eval", "--detections", found, "--annotations", data, "--images",
                empty);
        refused(4, "gone: no such file, wanted a folder of photos", "eval", "--detections", found, "--annotations", data, "--images",
                dir.resolve("gone"));
        refused(4, "data.json: found a file, wanted a folder of photos", "eval", "--detections", found, "--annotations", data, "--images",
                data);
        photo("z.png");
        refused(4, "1 of the 1 photos of", "eval", "--detections", found, "--annotations", data, "--images", dir.resolve("photos"));
    }

    @Test
    void usage() {
        refused(2, "no model: wanted MODEL, or --detections F", "eval", "--annotations", data);
        refused(2, "found MODEL and --detections", "eval", "m.onnx", "--detections", found, "--annotations", data);
        refused(2, "no --annotations", "eval", "m.onnx", "--images", dir);
        refused(2, "no --images", "eval", "m.onnx", "--annotations", data);
        refused(2, "found --float and --detections", "eval", "--detections", found, "--float", "m.onnx", "--annotations", data);
        refused(2, "--above is 1.5, wanted 0…1", "eval", "--detections", found, "--annotations", data, "--above", "1.5");
        refused(2, "found the name of an input", "eval", "--detections", found, "--annotations", data, "--json", found);
        refused(2, "its folder does not exist", "eval", "--detections", found, "--annotations", data, "--json", dir.resolve("no/e.json"));
        refused(2, "found a file, wanted a folder", "eval", "--detections", found, "--annotations", data, "--images", dir, "--out", data);
    }

    @Test
    void modelsThatHaveNothingInCommonWithTheData() throws IOException {
        photo("a.png");
        Path photos = dir.resolve("photos");
        Path faces = SharedData.model("mediapipe_face_npm/face_detection_short_range.tflite");
        refused(4, "found the classes face, but the annotations have cat, dog; wanted --map F", "eval", faces, "--annotations", data,
                "--images",
                photos);
        Path map = Files.writeString(dir.resolve("map.txt"), "face = bird\n");
        refused(4, "found 'face = bird', but the dataset has no category 'bird'", "eval", faces, "--annotations", data, "--images", photos,
                "--map",
                map);
        Files.writeString(map, "fase = cat\n");
        refused(4, "the model has none of that name", "eval", faces, "--annotations", data, "--images", photos, "--map", map);
        Files.writeString(map, "face cat\n");
        refused(4, "line 1 is 'face cat', wanted", "eval", faces, "--annotations", data, "--images", photos, "--map", map);
        Files.writeString(map, "face = cat\n");
        assertTrue(good("eval", faces, "--annotations", data, "--images", photos, "--map", map).contains("it does not know dog"));
    }

    @Test
    void vocFiles() throws IOException {
        Path folder = Files.createDirectory(dir.resolve("voc"));
        String one = """
                <?xml version="1.0"?><annotation><filename>a.png</filename><size><width>200</width></size>
                <object><name>cat</name><part><name>head</name><bndbox><xmin>9</xmin></bndbox></part><difficult>0</difficult>
                <bndbox><xmin>1</xmin><ymin>1</ymin><xmax>50</xmax><ymax>50</ymax></bndbox></object>
                <object><name>cat</name><difficult>1</difficult>
                <bndbox><xmin>101</xmin><ymin>1</ymin><xmax>150</xmax><ymax>50</ymax></bndbox></object></annotation>
                """;
        Path file = Files.writeString(folder.resolve("a.xml"), one);
        Files.writeString(found, FOUND.replace("\"image_id\": 5, \"category_id\": 3", "\"image_id\": 0, \"category_id\": 0"));
        String out = good("eval", "--detections", found, "--annotations", folder);
        assertTrue(out.matches("(?s).*VOC mAP +1\\.0000.*cat +2 +0\\.50\\d\\d.*"), out);
        for (List<String> bad : List.of(List.of(one.substring(0, 60), "a.xml: broken XML at byte "),
                List.of(one.replaceFirst("<xmax>50</xmax>", ""), "wanted a name and a bndbox with xmin"),
                List.of(one.replace("<filename>a.png</filename>", ""), "found no filename"),
                List.of(one.replace(">150<", ">90<"), "no negative side"))) {
            Files.writeString(file, bad.get(0));
            refused(4, bad.get(1), "eval", "--detections", found, "--annotations", folder);
        }
    }

    @Test
    void yoloFiles() throws IOException {
        Path folder = Files.createDirectory(dir.resolve("yolo"));
        photo("a.png");
        Path file = Files.writeString(folder.resolve("a.txt"), "1 0.125 0.25 0.25 0.5 0.1 0.1 2\n\n");
        Files.writeString(folder.resolve("classes.txt"), "dog\ncat\n");
        Files.writeString(found, FOUND.replace("\"image_id\": 5, \"category_id\": 3", "\"image_id\": 0, \"category_id\": 1"));
        Object[] args = {"eval", "--detections", found, "--annotations", folder, "--images", dir.resolve("photos")};
        String out = good(args);
        assertTrue(out.matches("(?s)1 photo, 1 object of 1 category.*cat +1 +1\\.0000.*"), out);
        refused(2, "wanted --images DIR too", "eval", "--detections", found, "--annotations", folder);
        Files.writeString(file, "1 0.125 0.25\n");
        refused(4, "a.txt: line 1 has 3 words, wanted a class", args);
        Files.writeString(file, "2 0.1 0.1 0.1 0.1\n");
        refused(4, "a.txt: line 1 has class 2 of 2", args);
        Files.writeString(file, "1 x 0.1 0.1 0.1\n");
        refused(4, "a.txt: line 1 has For input string: \"x\"", args);
    }
}
