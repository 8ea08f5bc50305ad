package ocelli.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import ocelli.testkit.CachedAssets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ocelli detect} on the demo's models and photos, which {@code ./ocelli test} fetches. */
class DetectTest {
    @TempDir
    private Path dir;
    private Path faces;
    private Path photo;
    private Path other;

    @BeforeEach
    void assets() {
        faces = CachedAssets.file("demo/face_detection_full_range.tflite");
        photo = CachedAssets.file("demo/sample5.jpg");
        other = CachedAssets.file("demo/sample3.jpg");
    }

    /** Numbers and strings of a JSON text in their order, names of fields as "name:". */
    private static List<String> tokens(String json) throws IOException {
        List<String> tokens = new ArrayList<>();
        try (JsonParser p = new JsonFactory().createParser(json)) {
            for (JsonToken t = p.nextToken(); t != null; t = p.nextToken()) {
                tokens.add(t == JsonToken.FIELD_NAME ? p.currentName() + ":" : p.getText());
            }
        }
        return tokens;
    }

    @Test
    void jsonHasTheAgreedShape() throws IOException {
        CliRun run = CliRun.of("detect", "--model", faces, "--json", "-", photo);
        assertEquals(0, run.code(), run.err().toString());
        List<String> tokens = tokens(run.out());
        assertEquals(List.of("[", "{", "image:", photo.toString(), "width:", "1920", "height:", "1398", "detections:", "[", "{", "label:", "face",
                "class:", "0", "score:"), tokens.subList(0, 16));
        assertEquals(List.of("box:", "["), tokens.subList(17, 19));
        assertEquals(5, tokens.stream().filter("box:"::equals).count(), "five faces are in the photo");
        int box = tokens.indexOf("box:");
        double x1 = Double.parseDouble(tokens.get(box + 2));
        double y1 = Double.parseDouble(tokens.get(box + 3));
        assertTrue(Math.abs(x1 - 789) < 20 && Math.abs(y1 - 141) < 20, "the first face is at 789, 141, found " + x1 + ", " + y1);
    }

    @Test
    void everyKindOfKernelsFindsTheSame() throws IOException {
        List<List<String>> found = new ArrayList<>();
        for (String kernels : List.of("native", "vector", "reference")) {
            CliRun run = CliRun.of("detect", "--model", faces, "--json", "-", "--kernels", kernels, "--threads", 2, photo);
            assertEquals(0, run.code(), run.err().toString());
            found.add(tokens(run.out()).stream().map(t -> t.matches("-?\\d+\\.\\d+") ? Long.toString(Math.round(Double.parseDouble(t))) : t).toList());
        }
        assertEquals(found.get(2), found.get(0));
        assertEquals(found.get(2), found.get(1));
    }

    @Test
    void picturesGoIntoAFolderOrAFile() throws IOException {
        assertEquals(0, CliRun.of("detect", "--model", faces, "--out", dir.resolve("new/folder"), photo, other).code());
        assertEquals(1920, ImageIO.read(dir.resolve("new/folder/sample5.png").toFile()).getWidth());
        assertTrue(Files.exists(dir.resolve("new/folder/sample3.png")));
        assertEquals(0, CliRun.of("detect", "--model", faces, "--out", dir.resolve("one.png"), photo).code());
        assertTrue(Files.size(dir.resolve("one.png")) > 10_000);
        CliRun two = CliRun.of("detect", "--model", faces, "--out", dir.resolve("two.png"), photo, other);
        assertEquals(2, two.code());
        assertTrue(two.err().get(0).contains("found a file for 2 photos, wanted a folder"), two.err().toString());
    }

    @Test
    void aBrokenPhotoDoesNotStopTheOthers() throws IOException {
        Path broken = dir.resolve("broken.jpg");
        byte[] bytes = Files.readAllBytes(photo);
        Files.write(broken, Arrays.copyOf(bytes, 3_000));
        CliRun run = CliRun.of("detect", "--model", faces, "--json", dir.resolve("x.json"), broken, dir.resolve("none.jpg"), other);
        assertEquals(4, run.code());
        assertEquals(2, run.err().size(), run.err().toString());
        assertTrue(run.err().get(0).contains("broken.jpg") && run.err().get(1).contains("none.jpg: no such file"), run.err().toString());
        List<String> tokens = tokens(Files.readString(dir.resolve("x.json")));
        assertEquals(other.toString(), tokens.get(3));
        assertEquals(3, tokens.stream().filter("box:"::equals).count());
    }

    @Test
    void labelsThatDoNotFitAreRefused() throws IOException {
        Path labels = Files.writeString(dir.resolve("labels.txt"), "a\nb\nc\n");
        CliRun run = CliRun.of("detect", "--model", faces, "--labels", labels, photo);
        assertEquals(4, run.code());
        assertEquals(1, run.err().size(), run.err().toString());
        assertTrue(run.err().get(0).contains("labels"), run.err().toString());
        assertEquals(4, CliRun.of("detect", "--model", faces, "--labels", dir.resolve("none.txt"), photo).code());
    }

    @Test
    void theDefaultModelComesFromTheEnvironment() {
        Map<String, String> env = Map.of("OCELLI_MODEL", CachedAssets.file("demo/ssd_mobilenet_v2_oidv4_fp16.tflite").toString(), "OCELLI_LABELS",
                CachedAssets.file("demo/labels.txt").toString());
        CliRun run = CliRun.of(env, "detect", "--threshold", "0.25", CachedAssets.file("demo/sample1.jpg").toString());
        assertEquals(0, run.code(), run.err().toString());
        assertTrue(run.out().contains("Person") && run.out().contains("run ms"), run.out());
    }

    @Test
    void theFloatModelsMillisecondsStandBeside() {
        Path model = CachedAssets.file("demo/face_detection_full_range.tflite");
        CliRun run = CliRun.of("detect", "--model", model, "--float", model, CachedAssets.file("demo/sample1.jpg"));
        assertEquals(0, run.code(), run.err().toString());
        assertTrue(run.out().contains("run ms  float run ms  decode ms"), run.out());
    }

    @Test
    void aPhotoIsNeverReplacedByItsPicture() throws IOException {
        Path copy = dir.resolve("photo.png");
        ImageIO.write(ImageIO.read(other.toFile()), "png", copy.toFile());
        byte[] before = Files.readAllBytes(copy);
        CliRun run = CliRun.of("detect", "--model", faces, "--out", dir, copy);
        assertEquals(2, run.code());
        assertTrue(run.err().get(0).contains("would replace the photo"), run.err().toString());
        assertFalse(Arrays.mismatch(before, Files.readAllBytes(copy)) >= 0);
    }
}
