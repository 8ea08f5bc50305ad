package ocelli.formats.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import ocelli.formats.Fuzz;
import ocelli.formats.Mutator;
import ocelli.formats.onnx.OnnxSchema.TensorMessage;
import ocelli.testkit.SharedData;
import org.junit.jupiter.api.Test;

/** Damaged files of three groups, see {@link Fuzz}. */
class OnnxFuzzTest {
    private static final Fuzz SMALL = new Fuzz(new OnnxReader(), 1);
    private static final Fuzz LARGE = new Fuzz(new OnnxReader(), 8);

    private static List<long[]> weights(Path path, MemorySegment file) {
        return OnnxParser.parse(path.toString(), file).graph().initialisers().stream().map(TensorMessage::raw)
                .filter(raw -> raw != null && raw.byteSize() > Mutator.SMALL_CONSTANT)
                .map(raw -> new long[] {raw.address() - file.address(), raw.address() - file.address() + raw.byteSize()}).toList();
    }

    @Test
    void handBuiltFiles() throws IOException, InterruptedException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        OnnxHandBuilt.all().forEach((name, file) -> files.put(name, file.get().bytes()));
        SMALL.files("hand-built ONNX", files, OnnxFuzzTest::weights);
    }

    @Test
    void sharedModels() throws IOException, InterruptedException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : OnnxRealModels.FILES) {
            files.put(name, Files.readAllBytes(SharedData.model(name)));
        }
        LARGE.files("shared ONNX", files, OnnxFuzzTest::weights);
    }

    /** Sound messages that mean nonsense come further than damaged bytes do. */
    @Test
    void soundFilesOfNonsense() throws InterruptedException {
        List<Supplier<OnnxFile>> files = List.copyOf(OnnxHandBuilt.all().values());
        long[] numbers = {-1, 8, 16, 31, 127, 128, 255, 256, 4096, 65535, 65536, 65537, 1 << 20, 1 << 24, Integer.MAX_VALUE,
                Integer.MIN_VALUE,
            1L << 32, Long.MAX_VALUE, Long.MIN_VALUE};
        int[] outcomes = new int[Fuzz.Outcome.values().length];
        try (ExecutorService executor = Fuzz.executor(); Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(1 << 16, 64);
            for (int i = 0; i < Fuzz.CASES; i++) {
                Random random = new Random(Fuzz.SEED * 41 + i);
                ProtoNode root = files.get(i % files.size()).get().root();
                StringBuilder what = new StringBuilder("seed " + Fuzz.SEED + ", nonsense " + i + ": ");
                for (int n = random.nextInt(3); n >= 0; n--) {
                    what.append(root.mutate(random, numbers));
                }
                byte[] file = root.bytes();
                MemorySegment.copy(file, 0, memory, ValueLayout.JAVA_BYTE, 0, file.length);
                outcomes[SMALL.run(executor, OnnxFile.PATH, memory.asSlice(0, file.length).asReadOnly(), true, what.toString())
                        .ordinal()]++;
            }
        }
        System.out.println("fuzz ONNX nonsense: seed " + Fuzz.SEED + ", " + Fuzz.CASES + " cases: "
                + Arrays.toString(Fuzz.Outcome.values()) + " "
                + Arrays.toString(outcomes));
        assertTrue(outcomes[Fuzz.Outcome.RUN.ordinal()] > Fuzz.CASES / 20 && outcomes[Fuzz.Outcome.BROKEN.ordinal()] > Fuzz.CASES / 10,
                Arrays.toString(outcomes));
    }
}
