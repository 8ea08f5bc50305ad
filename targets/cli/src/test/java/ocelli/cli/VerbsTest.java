package ocelli.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.nativekernels.NativeProvider;
import ocelli.nativekernels.Tier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every verb but detect, and every way to end, on a model of one operator. */
class VerbsTest {
    private static final float[] INPUT = {-1, 2, -3, 4, -5, 6};

    @TempDir
    private Path dir;
    private Path model;
    private Path input;

    @BeforeEach
    void files() throws IOException {
        model = TinyModel.write(dir);
        input = dir.resolve("in.npy");
        Files.write(input, array(INPUT, Shape.of(1, 2, 3)));
    }

    private static byte[] array(float[] values, Shape shape) {
        ByteBuffer b = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        b.asFloatBuffer().put(values);
        return new Npy(DType.FLOAT32, shape, b.array()).bytes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "vector", "reference", "native,reference"})
    void runWritesTheOutputs(String kernels) throws IOException, Npy.FormatException {
        CliRun run = CliRun.of("run", "--model", model, "--input", "in=" + input, "--output-dir", dir.resolve("deep/out"), "--kernels", kernels);
        assertEquals(0, run.code(), run.err().toString());
        Npy out = Npy.parse(Files.readAllBytes(dir.resolve("deep/out/out_relu_0.npy")));
        assertEquals(Shape.of(1, 2, 3), out.shape());
        float[] values = new float[6];
        ByteBuffer.wrap(out.data()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        assertArrayEquals(new float[] {0, 2, 0, 4, 0, 6}, values);
    }

    @Test
    void theNameOfAnOnlyInputMayBeLeftOut() {
        assertEquals(0, CliRun.of("run", "--model", model, "--input", input, "--output-dir", dir).code());
    }

    @Test
    void runTellsWhatItsStartCost() {
        CliRun run = CliRun.of("run", "--model", model, "--input", input, "--output-dir", dir, "--startup");
        assertEquals(0, run.code(), run.err().toString());
        StartFigures figures = StartFigures.parse(run.out());
        assertTrue(figures.loadNanos() > 0 && figures.runNanos() > 0 && figures.clockNanos() <= System.nanoTime(), figures.toString());
        assertTrue(figures.peakBytes() >= figures.rssBytes(), figures.toString());
        assertEquals(figures, StartFigures.parse("before\n" + figures.lines() + "after\n"));
        IllegalArgumentException missing = assertThrows(IllegalArgumentException.class, () -> StartFigures.parse("startup load_ns 1"));
        assertTrue(missing.getMessage().startsWith("found no figure run_ns"), missing.getMessage());
    }

    @Test
    void inspectSaysWhatTheFileHolds() {
        CliRun run = CliRun.of("inspect", model, "--json");
        assertEquals(0, run.code());
        String json = run.out().replaceAll("\\s+", "");
        assertTrue(json.contains("\"format\":\"tflite\""), json);
        assertTrue(json.contains("\"inputs\":[{\"name\":\"in\",\"dtype\":\"float32\",\"shape\":[1,2,3],\"scale\":null,\"zeroPoint\":null}]"), json);
        assertTrue(json.contains("\"operators\":{\"Relu\":1},\"parameters\":0,\"macs\":0"), json);
        assertTrue(CliRun.of("inspect", model).out().contains("1 x Relu"));
    }

    @Test
    void anOpenShapeIsGiven() throws IOException {
        Path open = TinyOnnx.write(dir);
        CliRun refused = CliRun.of("inspect", open);
        assertEquals(3, refused.code());
        assertEquals(1, refused.err().size(), refused.err().toString());
        assertTrue(refused.err().getFirst().endsWith("input in: shape [1, rows, 3] is not known, wanted it given, as with --shape in=1xNx3"),
                refused.err().toString());
        for (String shape : List.of("1x2x3", "in=1x2x3")) {
            String json = CliRun.of("inspect", open, "--shape", shape, "--json").out().replaceAll("\\s+", "");
            assertTrue(json.contains("\"format\":\"onnx\""), json);
            assertTrue(json.contains("\"inputs\":[{\"name\":\"in\",\"dtype\":\"float32\",\"shape\":[1,2,3]"), json);
        }
        assertEquals(0, CliRun.of("plan", open, "--shape", "1x2x3").code());
        CliRun run = CliRun.of("run", "--model", open, "--shape", "1x2x3", "--input", input, "--output-dir", dir.resolve("o"));
        assertEquals(0, run.code(), run.err().toString());
        assertTrue(Files.exists(dir.resolve("o/out.npy")));
    }

    @Test
    void planNamesTheKernelOfEachNodeAndWhyNotAFasterOne() {
        String json = CliRun.of("plan", model, "--json", "--kernels", "reference").out().replaceAll("\\s+", "");
        assertTrue(json.contains("\"provider\":\"reference\",\"tier\":\"java\",\"kernel\":\"UnaryReference\",\"tiles\":1"), json);
        assertTrue(json.contains("\"arenaBytes\":128"), json);
        assertTrue(json.contains("\"lowerBoundBytes\":128"), json);
        CliRun run = CliRun.of("plan", model, "--threads", "2");
        assertTrue(run.out().contains("the largest live set has 128"), run.out());
        assertTrue(run.out().matches("(?s).*load +read [0-9.]+, plan [0-9.]+, pack 0.0 \\(0 pieces\\).*"), run.out());
        assertEquals(0, run.code());
        assertTrue(run.out().contains("Relu"), run.out());
    }

    @Test
    void versionAndHelp() {
        assertTrue(CliRun.of("version").out().startsWith("ocelli "));
        String machine = CliRun.of("version", "--verbose").out();
        assertTrue(machine.contains("reference kernels"), machine);
        for (Tier tier : NativeProvider.tiers()) {
            assertTrue(machine.contains(tier.label() + ": "), machine);
        }
        for (String verb : List.of("detect", "eval", "run", "inspect", "plan", "version")) {
            CliRun help = CliRun.of(verb, "--help");
            assertEquals(0, help.code());
            assertTrue(help.out().contains("Usage: ocelli " + verb), help.out());
        }
    }

    static Stream<Arguments> wrongCalls() {
        return Stream.of(
                Arguments.of(2, "Unknown option", "inspect MODEL --frobnicate"),
                Arguments.of(2, "Unmatched argument", "frobnicate"),
                Arguments.of(2, "Missing required", "run --model MODEL --output-dir DIR/o"),
                Arguments.of(2, "found no such input, wanted NAME=FILE with one of the names [in]", "run --model MODEL --input in2=DIR/in.npy --output-dir DIR/o"),
                Arguments.of(2, "--threads is 0, wanted 1…64", "plan MODEL --threads 0"),
                Arguments.of(2, "Invalid value for option '--threads'", "plan MODEL --threads two"),
                Arguments.of(2, "found a file, wanted a folder", "plan MODEL --cache MODEL"),
                Arguments.of(2, "found 'gpu', wanted one or more of native,vector,reference", "plan MODEL --kernels gpu"),
                Arguments.of(2, "found a file, wanted a folder", "run --model MODEL --input in=DIR/in.npy --output-dir MODEL"),
                Arguments.of(2, "--shape in=1x2: found", "inspect MODEL --shape in=1x2 --shape in=1x2"),
                Arguments.of(2, "--shape in=1xN: found '1xN', wanted sizes such as 1x3x320x320", "inspect MODEL --shape in=1xN"),
                Arguments.of(2, "--shape 99999x99999: shape [99999, 99999] has more than 2^31-1 elements", "inspect MODEL --shape 99999x99999"),
                Arguments.of(2, "no input is named out, wanted one of [in]", "plan MODEL --shape out=1x2x3"),
                Arguments.of(2, "input in is given the shape [1, 2, 4], the file fixes [1, 2, 3]", "inspect MODEL --shape 1x2x4"),
                Arguments.of(2, "no model: wanted --model F, or the variable OCELLI_MODEL", "detect DIR/photo.jpg"),
                Arguments.of(2, "--threshold is 1.5, wanted 0…1", "detect --model MODEL --threshold 1.5 DIR/photo.jpg"),
                Arguments.of(2, "its folder does not exist", "detect --model MODEL --json DIR/none/x.json DIR/photo.jpg"),
                Arguments.of(2, "found a folder, wanted a file or -", "detect --model MODEL --json DIR DIR/photo.jpg"),
                Arguments.of(2, "found the name of a photo or of the model", "detect --model MODEL --json DIR/a.jpg DIR/photo.jpg"),
                Arguments.of(2, "found the name of a photo or of the model", "detect --model MODEL --json MODEL DIR/photo.jpg"),
                Arguments.of(2, "Missing required", "detect --model MODEL"),
                Arguments.of(3, "none.tflite: no such file, wanted a model file", "inspect DIR/none.tflite"),
                Arguments.of(3, "found a folder, wanted a model file", "inspect DIR"),
                Arguments.of(3, "none of the known formats", "inspect DIR/in.npy"),
                Arguments.of(3, "found input float32[1, 2, 3], wanted an image", "detect --model MODEL DIR/photo.jpg"),
                Arguments.of(4, "none.npy: no such file, wanted an .npy file", "run --model MODEL --input in=DIR/none.npy --output-dir DIR/o"),
                Arguments.of(4, "found no NumPy magic number", "run --model MODEL --input in=MODEL --output-dir DIR/o"),
                Arguments.of(4, "found more than 10060 bytes, input in wants float32[1, 2, 3]", "run --model MODEL --input in=/dev/zero --output-dir DIR/o"),
                Arguments.of(4, "found float32[3, 2], input in wants float32[1, 2, 3]", "run --model MODEL --input in=DIR/turned.npy --output-dir DIR/o"));
    }

    @ParameterizedTest
    @MethodSource("wrongCalls")
    void aWrongCallIsOneLineAndItsExitCode(int code, String message, String call) throws IOException {
        Files.write(dir.resolve("turned.npy"), array(INPUT, Shape.of(3, 2)));
        CliRun run = CliRun.of(Map.of(), call.replace("MODEL", model.toString()).replace("DIR", dir.toString()).split(" "));
        assertEquals(code, run.code(), run.err().toString());
        assertEquals(1, run.err().size(), run.err().toString());
        assertTrue(run.err().get(0).startsWith("ocelli: ") && run.err().get(0).contains(message), run.err().toString());
        assertEquals("", run.out());
        assertFalse(Files.exists(dir.resolve("o")), "nothing is left behind");
    }

    @Test
    void verboseAddsTheStackTrace() {
        CliRun run = CliRun.of("inspect", dir.resolve("none.tflite"), "--verbose");
        assertEquals(3, run.code());
        assertTrue(run.err().size() > 3 && run.err().get(1).contains("CommandFailure"), run.err().toString());
    }

    @Test
    void atomicFilesLeaveTheOldOneWhenTheNewOneFails() throws IOException {
        Path file = Files.writeString(dir.resolve("old.txt"), "old");
        try {
            AtomicFiles.writeAll(Map.of(file, p -> {
                Files.writeString(p, "half");
                throw new IOException("disk full");
            }));
            throw new AssertionError("the failure was swallowed");
        } catch (IOException e) {
            assertEquals("disk full", e.getMessage());
        }
        assertEquals("old", Files.readString(file));
        try (Stream<Path> left = Files.list(dir)) {
            assertTrue(left.noneMatch(p -> p.toString().endsWith(".tmp")));
        }
    }
}
