package ocelli.core.plan;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ocelli.core.graph.Graph;
import ocelli.core.kernel.KernelProvider;

/**
 * The packed weights of one plan in a folder that keeps them for the next start, or no folder. Nothing here fails: what goes
 * wrong is said in {@link #problem} and costs the time of packing.
 */
final class WeightsCache {
    private final Optional<Path> folder;
    private Path file;
    private byte[] key;
    private Optional<String> problem = Optional.empty();
    private long mapNanos;
    private long writeNanos;

    WeightsCache(Optional<Path> folder) {
        this.folder = folder;
    }

    /** The pieces of an earlier start, for the life of the arena; none without one. */
    Map<String, MemorySegment> find(Graph graph, List<KernelProvider> providers, Arena arena) {
        if (folder.isEmpty()) {
            return Map.of();
        }
        long start = System.nanoTime();
        try {
            key = WeightsKey.of(graph, providers);
            file = folder.get().resolve(HexFormat.of().formatHex(key, 0, 16) + ".weights");
            return Files.exists(file) ? WeightsFile.map(file, key, arena) : Map.of();
        } catch (WeightsFile.RejectedException e) {
            problem = Optional.of(file + " is not used, for " + e.getMessage() + "; weights are packed again");
        } catch (IOException e) {
            problem = Optional.of("no packed weights from " + folder.get() + ": " + e);
        } finally {
            mapNanos = System.nanoTime() - start;
        }
        return Map.of();
    }

    /** Writes the file when something had to be packed. */
    void keep(PackedMemory memory) {
        if (file == null || memory.packed() == 0) {
            return;
        }
        long start = System.nanoTime();
        try {
            WeightsFile.write(file, key, memory.all());
        } catch (IOException e) {
            problem = Optional.of("packed weights are not kept in " + folder.get() + ": " + e);
        }
        writeNanos = System.nanoTime() - start;
    }

    LoadReport report(PackedMemory memory, long allNanos) {
        return new LoadReport(allNanos - memory.packNanos() - mapNanos - writeNanos, memory.packNanos(), mapNanos, writeNanos,
                memory.packed(), memory.mapped(), problem);
    }
}
