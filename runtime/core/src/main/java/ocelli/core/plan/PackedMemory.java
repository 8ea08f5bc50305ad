package ocelli.core.plan;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What kernels derive from constants: each piece packed once for the plan, or found in a file of an earlier start. */
final class PackedMemory {
    private final Arena arena;
    private final Map<String, MemorySegment> found;
    private final Map<String, MemorySegment> used = new LinkedHashMap<>();
    private int packed;
    private long packNanos;

    /** @param found pieces of an earlier start by their keys; they live as long as the arena */
    PackedMemory(Arena arena, Map<String, MemorySegment> found) {
        this.arena = arena;
        this.found = found;
    }

    /** The piece with this key, read-only. */
    MemorySegment get(String key, long bytes, Consumer<MemorySegment> fill) {
        MemorySegment old = used.getOrDefault(key, found.get(key));
        if (old != null && old.byteSize() == bytes) {
            used.put(key, old);
            return old;
        }
        long start = System.nanoTime();
        MemorySegment fresh = arena.allocate(bytes, MemoryPlan.ALIGNMENT);
        fill.accept(fresh);
        packNanos += System.nanoTime() - start;
        packed++;
        used.put(key, fresh.asReadOnly());
        return fresh.asReadOnly();
    }

    /** All pieces, those of the file that nobody asked for included. */
    Map<String, MemorySegment> all() {
        Map<String, MemorySegment> all = new LinkedHashMap<>(found);
        all.putAll(used);
        return all;
    }

    /** Pieces that were packed now. */
    int packed() {
        return packed;
    }

    /** Pieces that were found. */
    int mapped() {
        return used.size() - packed;
    }

    long packNanos() {
        return packNanos;
    }

    /** Bytes of all pieces in use. */
    long bytes() {
        return used.values().stream().mapToLong(MemorySegment::byteSize).sum();
    }
}
