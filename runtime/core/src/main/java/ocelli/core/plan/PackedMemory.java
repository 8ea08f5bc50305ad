package ocelli.core.plan;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * What kernels derive from constants: each piece packed once for the plan, or found in a file of an earlier start. Packing goes on
 * beside the planner, on a thread of its own: {@link #finish} waits for it.
 */
final class PackedMemory implements AutoCloseable {
    /** Smaller pieces are not worth the way to another thread. */
    private static final long SMALL = 4096;

    private final Arena arena;
    private final Map<String, MemorySegment> found;
    private final Map<String, MemorySegment> used = new LinkedHashMap<>();
    private final List<Future<?>> packing = new ArrayList<>();
    /** Null while there was nothing to do for it. */
    private ExecutorService packer;
    private int packed;
    private long packNanos;

    /** @param found pieces of an earlier start by their keys; they live as long as the arena */
    PackedMemory(Arena arena, Map<String, MemorySegment> found) {
        this.arena = arena;
        this.found = found;
    }

    /** The piece with this key, read-only; complete after {@link #finish}. */
    MemorySegment get(String key, long bytes, Consumer<MemorySegment> fill) {
        MemorySegment old = used.getOrDefault(key, found.get(key));
        if (old != null && old.byteSize() == bytes) {
            used.put(key, old);
            return old;
        }
        long start = System.nanoTime();
        MemorySegment fresh = arena.allocate(bytes, MemoryPlan.ALIGNMENT);
        if (bytes < SMALL) {
            fill.accept(fresh);
        } else {
            if (packer == null) {
                packer = Executors.newSingleThreadExecutor(work -> new Thread(work, "ocelli-packer"));
            }
            packing.add(packer.submit(() -> fill.accept(fresh)));
        }
        packNanos += System.nanoTime() - start;
        packed++;
        used.put(key, fresh.asReadOnly());
        return fresh.asReadOnly();
    }

    /** Waits until every piece is complete. What went wrong when one was filled goes wrong here. */
    void finish() {
        long start = System.nanoTime();
        try {
            for (Future<?> piece : packing) {
                piece.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while weights were being packed", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw new IllegalStateException(e.getCause());
            }
        }
        packNanos += System.nanoTime() - start;
    }

    /** Ends the packing thread, when it is done with what it has: the arena must not be closed before. */
    @Override
    public void close() {
        if (packer != null) {
            packer.close();
        }
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

    /** The planner's time for packing: its own share, and waiting for the rest. */
    long packNanos() {
        return packNanos;
    }

    /** Bytes of all pieces in use. */
    long bytes() {
        return used.values().stream().mapToLong(MemorySegment::byteSize).sum();
    }
}
