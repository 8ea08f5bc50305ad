package ocelli.vision.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.vision.Labels;
import ocelli.vision.Recipe;
import ocelli.vision.Recipes;
import ocelli.vision.decode.ScoreActivation;
import ocelli.vision.decode.YoloxHead;
import ocelli.vision.nms.NonMaxSuppression;
import ocelli.vision.prepare.ColorOrder;
import ocelli.vision.prepare.ImageInput;
import ocelli.vision.prepare.Interpolation;
import ocelli.vision.prepare.Layout;
import ocelli.vision.prepare.Normalization;
import ocelli.vision.prepare.Resize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SidecarTest {
    private static final Recipe YOLOX = Recipes.of(new YoloxHead(80, List.of(8, 16, 32), ScoreActivation.NONE),
            ImageInput.of(TensorType.of(DType.FLOAT32, 1, 3, 64, 64)));

    @TempDir
    private Path dir;

    private Sidecar read(String text) throws IOException {
        return Sidecar.read(Files.writeString(dir.resolve("model.yaml"), text));
    }

    @Test
    void everyKey() throws IOException {
        Files.writeString(dir.resolve("names.txt"), "cat\ndog\n");
        Sidecar s = read("""
                # a comment
                labels: names.txt
                mean: [1, 2.5, 3]
                std: 4
                color: rgb
                resize: letterbox-top-left
                pad: 16
                interpolation: nearest
                layout: nhwc
                decoder: yolov5-raw
                strides: [8, 16]
                anchors: [10, 13, 30.5, 61]
                activation: sigmoid
                boxes: normalized
                threshold: 0.35
                iou: 0.6
                nms: soft-linear
                max-detections: 7
                """);
        assertEquals(Optional.of("yolov5-raw"), s.choices().decoder());
        assertEquals(Optional.of(Layout.NHWC), s.choices().layout());
        assertEquals(List.of(8, 16), s.choices().options().strides());
        assertEquals(List.of(10f, 13f, 30.5f, 61f), s.choices().options().anchors());
        assertEquals(Optional.of(ScoreActivation.SIGMOID), s.choices().options().activation());
        assertEquals(Optional.of(true), s.choices().options().normalized());
        Recipe r = s.applyTo(YOLOX);
        assertEquals(new Labels(List.of("cat", "dog")), r.labels());
        assertEquals(new Normalization.MeanStd(List.of(1f, 2.5f, 3f), List.of(4f, 4f, 4f)), r.normalization());
        assertEquals(ColorOrder.RGB, r.colorOrder());
        assertEquals(new Resize.Letterbox(0x101010, false), r.resize());
        assertEquals(Interpolation.NEAREST, r.interpolation());
        assertEquals(0.35f, r.threshold());
        assertEquals(new NonMaxSuppression.Soft(false, 0.6f, 0.35f, 7), r.suppression());
        assertEquals(YOLOX.head(), r.head());
    }

    @Test
    void everythingMayBeLeftOut() throws IOException {
        for (String text : List.of("", "# nothing\n", "---\n", "\n\n")) {
            Sidecar s = read(text);
            assertEquals(YOLOX, s.applyTo(YOLOX), text);
            assertEquals(Optional.empty(), s.choices().decoder());
        }
        assertEquals(new NonMaxSuppression.Greedy(0.3f, 100), read("iou: 0.3").applyTo(YOLOX).suppression());
        assertEquals(new NonMaxSuppression.Greedy(0.45f, 9), read("max-detections: 9").applyTo(YOLOX).suppression());
        assertEquals(new NonMaxSuppression.Diou(0.45f, 100), read("nms: diou").applyTo(YOLOX).suppression());
        assertEquals(new Normalization.MeanStd(List.of(0f, 0f, 0f), List.of(255f, 255f, 255f)),
                read("std: 255").applyTo(YOLOX).normalization());
    }

    @Test
    void labels() throws IOException {
        assertEquals(List.of("a", "b c"), read("labels: [a, 'b c']").applyTo(YOLOX).labels().names());
        assertEquals(List.of("1", "yes"), read("labels:\n  - 1\n  - yes\n").applyTo(YOLOX).labels().names());
        assertEquals("toothbrush", read("labels: coco-80").applyTo(YOLOX).labels().name(79));
        assertEquals("tvmonitor", read("labels: voc-20").applyTo(YOLOX).labels().name(19));
    }

    @Test
    void theModelsOwnNameComesFirst() throws IOException {
        Path model = Files.writeString(dir.resolve("best.onnx"), "");
        assertEquals(Optional.empty(), Sidecar.beside(model));
        Files.writeString(dir.resolve("model.yaml"), "threshold: 0.1");
        assertEquals(Optional.of(0.1f), Sidecar.beside(model).orElseThrow().threshold());
        Files.writeString(dir.resolve("best.yaml"), "threshold: 0.2");
        assertEquals(Optional.of(0.2f), Sidecar.beside(model).orElseThrow().threshold());
    }

    private record Bad(String text, String message) {
    }

    static Stream<Bad> bad() {
        return Stream.of(new Bad("a: 1", "line 1: found the unknown key a, wanted one of labels, mean, std"),
                new Bad("threshold: 0.5\nthreshhold: 0.4", "line 2: found the unknown key threshhold"),
                new Bad("\n\nthreshold: high", "line 3: threshold is high, wanted a number of 0…1"),
                new Bad("threshold: 1.5", "line 1: threshold is 1.5, wanted a number of 0…1"), new Bad("threshold: NaN",
                "threshold is NaN"),
                new Bad("threshold: [0.5]", "threshold is a list of 1, wanted a number of 0…1"), new Bad("threshold:",
                "threshold is , wanted a number"),
                new Bad("color: blue", "color is blue, wanted one of rgb, bgr"), new Bad("color: [rgb]", "color is a list of 1"),
                new Bad("mean: [1, 2]", "mean is a list of 2, wanted one number or three"), new Bad("std: [1, 0, 1]", "std is a list of 3"),
                new Bad("mean:\n- 1\n- x\n- 2", "line 3: mean is x, wanted a number"),
                new Bad("decoder: yolo", "decoder is yolo, wanted one of tflite-postprocess, fomo"),
                new Bad("strides: [8, 0]", "strides is 0, wanted a whole number of 1…4096"), new Bad("strides: [8.5]",
                "strides is 8.5, wanted a whole number"),
                new Bad("anchors: [1, 2, 3]", "anchors is a list of 3, wanted pairs"), new Bad("pad: 256", "pad is 256"),
                new Bad("labels: none.txt", "labels is none.txt, wanted a list, a readable file"), new Bad("labels: []",
                "labels is a list of 0, wanted at least one"),
                new Bad("labels: ['']", "labels is a list of 1"), new Bad("labels: \"a\\0b\"", "labels is"),
                new Bad("labels: {a: b}", "line 1: found a mapping, wanted a value or a list of values"),
                new Bad("labels: [[a]]", "line 1: found a list, wanted a value"), new Bad("- a",
                "line 1: found a list, wanted names with values"),
                new Bad("just words", "line 1: found a value, wanted names with values"), new Bad("iou: 0.1\niou: 0.2",
                "line 2: found iou twice, wanted it once"),
                new Bad("labels: &x [a]\nmean: *x", "line 2: found an alias, wanted a value"), new Bad("? [a]\n: b",
                "line 1: found a list, wanted a name"),
                new Bad("iou: 0.1\n---\niou: 0.2", "line 2: found a second document, wanted one document"),
                new Bad("labels: [a, b\niou: 0.1", "line 2: found bad YAML"), new Bad("a: \u0001", "found bad YAML"), new Bad("a:\tb: c",
                "line 1: found bad YAML"),
                new Bad("[".repeat(60_000), "line 1: found a list, wanted names"), new Bad("a: " + "[".repeat(60_000),
                "line 1: found a list, wanted a value"),
                new Bad("a: " + "{".repeat(60_000), "line 1: found a mapping"), new Bad("a: ".repeat(20_000), "found"),
                new Bad("#".repeat(70_000), "found 70000 bytes, wanted a sidecar of at most 65536"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void badFilesAreToldInOneLine(Bad b) {
        String message = assertThrows(SidecarFormatException.class, () -> read(b.text)).getMessage();
        assertTrue(message.contains("model.yaml") && message.contains(b.message), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void bytesThatAreNoText() throws IOException {
        Path file = Files.write(dir.resolve("model.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});
        assertThrows(SidecarFormatException.class, () -> Sidecar.read(file));
    }

    /** Mutations of a sound file end in a sidecar or in the one exception. */
    @Test
    void noFileBreaksTheReader() throws IOException {
        String sound = "labels: [a, b]\nmean: [1, 2, 3]\ndecoder: yolox\nstrides: [8, 16, 32]\nthreshold: 0.5\nnms: greedy\n";
        Random r = new Random(4);
        int refused = 0;
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder(sound);
            for (int i = 0; i <= r.nextInt(4); i++) {
                int at = r.nextInt(text.length());
                switch (r.nextInt(3)) {
                    case 0 -> text.setCharAt(at, ":-[]{}&*!|>'\"%@`#?,\t\n 0x".charAt(r.nextInt(24)));
                    case 1 -> text.deleteCharAt(at);
                    default -> text.insert(at, text.substring(r.nextInt(at + 1), at));
                }
            }
            try {
                read(text.toString());
            } catch (SidecarFormatException e) {
                refused++;
            }
        }
        assertTrue(refused > 500 && refused < 2000, refused + " refused");
    }
}
