package ocelli.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import ocelli.testkit.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ocelli quantize}: what comes out, and every way in which it refuses. */
class QuantizeTest {
    @TempDir
    private Path dir;

    private static Path faces() {
        return SharedData.image("face_photos");
    }

    private void refused(int code, String message, Path model, Object... args) throws IOException {
        Path out = dir.resolve("q.onnx");
        Object[] all = Stream.concat(Stream.of("quantize", model, "--out", out), Stream.of(args)).toArray();
        CliRun run = CliRun.of(all);
        assertEquals(code, run.code(), run.err().toString());
        assertTrue(run.err().getLast().contains(message), run.err().toString());
        assertEquals("", run.out());
        try (Stream<Path> files = Files.list(dir)) {
            assertEquals(List.of(), files.filter(p -> p.toString().contains("q.onnx") || p.toString().endsWith(".tmp")).toList());
        }
    }

    @Test
    void theWholeWay() throws IOException {
        Path model = SharedData.model("yunet/yunet_n_320_320.onnx");
        Path out = dir.resolve("q.onnx");
        Path json = dir.resolve("q.json");
        Path html = dir.resolve("q.html");
        CliRun run = CliRun.of("quantize", model, "--calibration", faces(), "--out", out, "--json", json, "--report", html);
        assertEquals(0, run.code(), run.err().toString());
        assertTrue(run.err().contains("ocelli: calibrate"), run.err().toString());
        assertTrue(run.out().contains("detections above 0.5 survive"), run.out());
        assertTrue(run.out().lines().anyMatch(l -> l.matches("made in +\\d+ s(, with \\d+ MB of memory)?")), run.out());
        assertTrue(Files.size(out) < 0.75 * Files.size(model), Files.size(out) + " bytes");
        String facts = Files.readString(json);
        assertTrue(facts.contains("\"sqnr\"") && facts.contains("\"histogram\"") && facts.contains("\"nanosAfter\""), facts);
        String page = Files.readString(html);
        assertTrue(page.contains("<svg") && page.endsWith("</html>\n"), page);
        assertFalse(page.contains("<script"), page);
        CliRun found = CliRun.of("detect", "--model", out, "--json", "-", faces().resolve("13.jpg"));
        assertEquals(0, found.code(), found.err().toString());
        assertEquals(2, found.out().split("\"box\"", -1).length - 1, found.out());
        byte[] first = Files.readAllBytes(out);
        assertEquals(0, CliRun.of("quantize", model, "--calibration", faces(), "--out", out).code());
        assertArrayEquals(first, Files.readAllBytes(out), "a second run writes other bytes");
        Path quantised = Files.move(out, dir.resolve("other.onnx"));
        refused(3, "quantised already", quantised, "--calibration", faces());
    }

    @Test
    void photosThatCannotBeReadAreNamedAndLeftOut() throws IOException {
        Path model = SharedData.model("ultraface/version-RFB-320.onnx");
        Path photos = Files.createDirectory(dir.resolve("photos"));
        Files.writeString(photos.resolve("broken.jpg"), "no photo");
        Files.copy(faces().resolve("13.jpg"), photos.resolve("good.jpg"));
        CliRun run = CliRun.of("quantize", model, "--calibration", photos, "--out", dir.resolve("q.onnx"), "--max-drop", "1");
        assertEquals(0, run.code(), run.err().toString());
        assertTrue(run.err().getFirst().contains("left out") && run.err().getFirst().contains("broken.jpg"), run.err().toString());
        Files.delete(dir.resolve("q.onnx"));
        Files.delete(photos.resolve("good.jpg"));
        refused(4, "found no photo that can be read among 1", model, "--calibration", photos);
    }

    @Test
    void foldersWithoutPhotos() throws IOException {
        Path model = TinyModel.write(dir);
        refused(4, "found no JPEG or PNG photo", model, "--calibration", Files.createDirectory(dir.resolve("empty")));
        refused(4, "found nothing, wanted a folder of photos", model, "--calibration", dir.resolve("nowhere"));
        refused(4, "found a file, wanted a folder of photos", model, "--calibration", model);
    }

    @Test
    void usage() throws IOException {
        Path model = TinyModel.write(dir);
        refused(2, "--max-drop is 2.0, wanted 0…1", model, "--calibration", dir, "--max-drop", "2");
        refused(2, "--photos is 0, wanted at least 1", model, "--calibration", dir, "--photos", "0");
        refused(2, "its folder does not exist", model, "--calibration", dir, "--report", dir.resolve("none/r.html"));
        refused(2, "found a folder or the model itself", model, "--calibration", dir, "--json", model);
        CliRun other = CliRun.of("quantize", model, "--calibration", dir, "--out", dir.resolve("q.tflite"));
        assertEquals(2, other.code());
        assertTrue(other.err().getLast().contains("wanted a name that ends in .onnx"), other.err().toString());
    }

    @Test
    void layersThatAreNotThere() throws IOException {
        refused(2, "no layer is named nobody, wanted one of 52 such as ", SharedData.model("ultraface/version-RFB-320.onnx"),
                "--calibration", faces(), "--exclude", "nobody");
    }

    @Test
    void outputsAreComparedWhereNobodyKnowsWhatTheyMean() throws IOException {
        Path out = dir.resolve("q.onnx");
        CliRun run = CliRun.of("quantize", SharedData.model("mobilenet_float/mobilenet_v1_0.25_224_1_default_1.tflite"),
                "--calibration", faces(),
                "--out", out, "--max-drop", "1");
        assertEquals(0, run.code(), run.err().toString());
        assertTrue(run.err().getFirst().contains("no detector that is known here"), run.err().toString());
        assertTrue(run.out().contains("signal over error of the worst output"), run.out());
    }

    @Test
    void aTerminalGetsABarWithTheTimeLeft() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        AtomicLong clock = new AtomicLong();
        ProgressLine line = new ProgressLine(new PrintStream(bytes, true, StandardCharsets.UTF_8), true, clock::get);
        for (int i = 1; i <= 4; i++) {
            clock.addAndGet(2_000_000_000L);
            line.step("calibrate", i, 4);
        }
        line.end();
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("[############            ] 2/4, 2 s left"), text);
        assertTrue(text.endsWith("4/4, 0 s left   \n"), text);
    }
}
