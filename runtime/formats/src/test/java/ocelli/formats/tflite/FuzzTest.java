package ocelli.formats.tflite;

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
import ocelli.testkit.CachedAssets;
import ocelli.testkit.SharedData;
import org.junit.jupiter.api.Test;

/** Damaged files of three groups, see {@link Fuzz}. */
class FuzzTest {
    private static final Fuzz FUZZ = new Fuzz(new TfliteReader(), 1);

    private static List<long[]> weights(Path path, MemorySegment file) {
        return Mutator.constants(new TfliteReader().read(path, file), file);
    }

    @Test
    void handBuiltFiles() throws IOException, InterruptedException {
        FUZZ.files("hand-built", HandBuilt.all(), FuzzTest::weights);
    }

    @Test
    void npmModels() throws IOException, InterruptedException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : List.of("ssd_mobilenet_v2_oidv4_fp16.tflite", "face_detection_full_range.tflite")) {
            files.put(name, Files.readAllBytes(CachedAssets.file("demo/" + name)));
        }
        FUZZ.files("npm", files, FuzzTest::weights);
    }

    @Test
    void sharedModels() throws IOException, InterruptedException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : RealModels.FILES) {
            files.put(name, Files.readAllBytes(SharedData.model(name)));
        }
        FUZZ.files("shared", files, FuzzTest::weights);
    }

    /** Sound FlatBuffers that mean nonsense come further than damaged bytes do. */
    @Test
    void soundFilesOfNonsense() throws InterruptedException {
        List<Supplier<TfliteFile>> files = List.of(HandBuilt::convolutions, HandBuilt::operators, HandBuilt::shapes, HandBuilt::postProcess,
                HandBuilt::sparse, HandBuilt::metadata, HandBuiltFamilies::movements, HandBuiltFamilies::numbers);
        long[] numbers = {-1, 8, 16, 31, 127, 128, 255, 256, 4096, 65535, 65536, 65537, 1 << 20, 1 << 24, Integer.MAX_VALUE, Integer.MIN_VALUE, 1L << 32};
        int[] outcomes = new int[Fuzz.Outcome.values().length];
        try (ExecutorService executor = Fuzz.executor(); Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(1 << 16, 64);
            for (int i = 0; i < Fuzz.CASES; i++) {
                Random random = new Random(Fuzz.SEED * 37 + i);
                FlatNode root = files.get(i % files.size()).get().root();
                StringBuilder what = new StringBuilder("seed " + Fuzz.SEED + ", nonsense " + i + ": ");
                for (int n = random.nextInt(3); n >= 0; n--) {
                    what.append(root.mutate(random, numbers));
                }
                byte[] file = root.file("TFL3");
                MemorySegment.copy(file, 0, memory, ValueLayout.JAVA_BYTE, 0, file.length);
                outcomes[FUZZ.run(executor, TfliteFile.PATH, memory.asSlice(0, file.length).asReadOnly(), true, what.toString()).ordinal()]++;
            }
        }
        System.out.println("fuzz nonsense: seed " + Fuzz.SEED + ", " + Fuzz.CASES + " cases: " + Arrays.toString(Fuzz.Outcome.values()) + " " + Arrays.toString(outcomes));
        assertTrue(outcomes[Fuzz.Outcome.RUN.ordinal()] > Fuzz.CASES / 10 && outcomes[Fuzz.Outcome.BROKEN.ordinal()] > Fuzz.CASES / 10, Arrays.toString(outcomes));
    }
}
