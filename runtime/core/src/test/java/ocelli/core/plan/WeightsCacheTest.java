package ocelli.core.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Value;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsCacheTest {
    /** Where a file's checksum stands, and what it is of. */
    private static final int CHECKSUM_AT = 48;
    private static final int HEADER = 64;

    @TempDir
    private Path folder;
    private Path cache;

    @BeforeEach
    void inANewFolder() {
        cache = folder.resolve("new").resolve("cache");
    }

    /** Packs the second operand of an addition turned round, and copies it to the output when it runs. */
    private record Packing(String tier) implements KernelProvider {
        @Override
        public String name() {
            return "packing";
        }

        @Override
        public Availability availability() {
            return new Availability(true, tier);
        }

        @Override
        public Support supports(KernelRequest request) {
            return Support.yes("AddPacking", tier);
        }

        @Override
        public Kernel bind(KernelRequest request, KernelMemory memory) {
            long bytes = request.inputType(1).bytes();
            MemorySegment packed = memory.packed("turned", bytes, m -> {
                for (long i = 0; i < bytes; i++) {
                    m.set(ValueLayout.JAVA_BYTE, i, memory.input(1).get(ValueLayout.JAVA_BYTE, bytes - 1 - i));
                }
            });
            assertTrue(packed.isReadOnly());
            assertEquals(0, packed.address() % 64);
            assertEquals(packed.address(), memory.packed("turned", bytes, m -> m.fill((byte) 1)).address(), "packed once");
            MemorySegment output = memory.output(0);
            return new Kernel() {
                @Override
                public int tiles() {
                    return 1;
                }

                @Override
                public void run(int begin, int end, int worker) {
                    output.copyFrom(packed);
                }
            };
        }
    }

    private static Graph graph(float... constant) {
        TestGraph g = new TestGraph();
        Value x = g.input("x", TensorType.of(DType.FLOAT32, constant.length));
        Value y = g.node("y", new Binary(Binary.Kind.ADD, Activation.NONE), x, g.floats("c", new int[] {constant.length}, constant));
        return g.outputs(y);
    }

    /** Plans, runs, and returns the output's bytes. */
    private byte[] start(Graph graph, String tier, int packed, int mapped, String problem) {
        try (ExecutionPlan plan = new Planner(List.of(new Packing(tier)), 1, List.of(), Optional.of(cache), Planner.DEFAULT_CACHE_BYTES)
                .plan(graph)) {
            plan.steps().forEach(s -> s.kernel().run(0, 1, 0));
            LoadReport load = plan.load();
            assertEquals(packed, load.packed(), load.toString());
            assertEquals(mapped, load.mapped(), load.toString());
            assertTrue(load.cacheProblem().orElse("").contains(problem), load.toString());
            assertEquals(problem.isEmpty(), load.cacheProblem().isEmpty(), load.toString());
            assertTrue(load.planNanos() > 0 && load.mapNanos() > 0, load.toString());
            return plan.outputs().get(0).data().toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.sorted().toList();
        }
    }

    @Test
    void theSecondStartPacksNothingAndComputesTheSame() throws IOException {
        byte[] first = start(graph(1, 2, 3), "a", 1, 0, "");
        assertEquals(1, files().size());
        assertArrayEquals(first, start(graph(1, 2, 3), "a", 0, 1, ""));
        byte[] bytes = new byte[12];
        ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN).putFloat(3).putFloat(2).putFloat(1);
        assertArrayEquals(bytes, first);
    }

    @Test
    void otherWeightsAndOtherProcessorsHaveTheirOwnFiles() throws IOException {
        byte[] first = start(graph(1, 2, 3), "a", 1, 0, "");
        start(graph(1, 2, 4), "a", 1, 0, "");
        start(graph(1, 2, 3), "b", 1, 0, "");
        assertEquals(3, files().size());
        assertArrayEquals(first, start(graph(1, 2, 3), "a", 0, 1, ""));
    }

    @Test
    void aBrokenFileIsSaidAndWrittenAnew() throws IOException {
        byte[] first = start(graph(1, 2, 3), "a", 1, 0, "");
        Path file = files().get(0);
        byte[] good = Files.readAllBytes(file);
        for (int size : new int[] {0, 1, HEADER - 1, HEADER, good.length - 1}) {
            Files.write(file, Arrays.copyOf(good, size));
            assertArrayEquals(first, start(graph(1, 2, 3), "a", 1, 0, "bytes"), size + " bytes");
            assertArrayEquals(good, Files.readAllBytes(file));
        }
        for (int at : new int[] {0, 8, 40, CHECKSUM_AT, HEADER + 30, good.length - 60}) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            Files.write(file, bad);
            assertArrayEquals(first, start(graph(1, 2, 3), "a", 1, 0, "is not used"), "byte " + at);
            assertArrayEquals(first, start(graph(1, 2, 3), "a", 0, 1, ""), "byte " + at);
        }
    }

    @Test
    void aForgedTableNeverLeavesTheFile() throws IOException {
        byte[] first = start(graph(1, 2, 3), "a", 1, 0, "");
        Path file = files().get(0);
        byte[] good = Files.readAllBytes(file);
        int name = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getInt(HEADER);
        // Bytes of the table, pieces, length of a name, offset and size of a piece.
        for (int at : new int[] {52, 56, HEADER, HEADER + 4 + name, HEADER + 12 + name}) {
            for (int value : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 20}) {
                ByteBuffer bad = ByteBuffer.wrap(good.clone()).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
                CRC32C crc = new CRC32C();
                crc.update(bad.array(), HEADER, good.length - HEADER);
                bad.putInt(CHECKSUM_AT, (int) crc.getValue());
                Files.write(file, bad.array());
                assertArrayEquals(first, start(graph(1, 2, 3), "a", 1, 0, "is not used"), "value " + value + " at " + at);
            }
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsSaid() throws IOException {
        Files.createDirectories(cache.getParent());
        Files.writeString(cache, "a file");
        start(graph(1, 2, 3), "a", 1, 0, "packed weights are not kept");
    }

    @Test
    void piecesOfAnotherKernelStayInTheFile() throws IOException, WeightsFile.RejectedException {
        start(graph(1, 2, 3), "a", 1, 0, "");
        Path file = files().get(0);
        byte[] key = Arrays.copyOfRange(Files.readAllBytes(file), 8, 40);
        try (Arena arena = Arena.ofConfined()) {
            WeightsFile.write(file, key, Map.of("other", arena.allocate(100).fill((byte) 7)));
            start(graph(1, 2, 3), "a", 1, 0, "");
            Map<String, MemorySegment> pieces = WeightsFile.map(file, key, arena);
            assertEquals(2, pieces.size());
            assertEquals(-1, pieces.get("other").mismatch(arena.allocate(100).fill((byte) 7)));
        }
    }
}
