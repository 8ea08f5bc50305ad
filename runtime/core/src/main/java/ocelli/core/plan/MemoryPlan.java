package ocelli.core.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Offsets of buffers in one arena. Buffers whose lives overlap in time never overlap in memory; offsets are multiples of
 * {@value #ALIGNMENT} bytes.
 *
 * @param placements each buffer with its offset, in the order given
 * @param bytes      size of the arena
 * @param lowerBound bytes of the largest set of buffers that live at the same time: no plan can be smaller
 */
public record MemoryPlan(List<Placement> placements, long bytes, long lowerBound) {
    /** A cache line, and the widest vector. */
    public static final int ALIGNMENT = 64;
    /** Rounds for each order: with as many every model of ../shared/models needs its largest live set and nothing more. */
    private static final int ROUNDS = 8;

    /**
     * A buffer to place.
     *
     * @param name      for messages
     * @param bytes     size
     * @param firstStep first step that touches it
     * @param lastStep  last step that touches it
     */
    public record Buffer(String name, long bytes, int firstStep, int lastStep) {
        boolean overlaps(Buffer o) {
            return firstStep <= o.lastStep && o.firstStep <= lastStep;
        }

        long alignedBytes() {
            return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
    }

    /** A buffer and where it lies. */
    public record Placement(Buffer buffer, long offset) {
        long end() {
            return offset + buffer.alignedBytes();
        }
    }

    public MemoryPlan {
        placements = List.copyOf(placements);
    }

    /**
     * Places one buffer after the other, each into the tightest gap that its life leaves free, in several orders, and keeps the
     * smallest arena: largest first (Pisarchyk and Lee, Efficient Memory Management for Deep Neural Net Inference, 2020, "greedy by
     * size"), longest life first, and largest product of both first. While that leaves more than the lower bound, whoever ended
     * highest goes first next time (Joslin and Clements, "Squeaky Wheel" Optimization, 1999).
     */
    public static MemoryPlan of(List<Buffer> buffers) {
        long lowerBound = lowerBound(buffers);
        ToLongFunction<Buffer> size = Buffer::bytes;
        ToLongFunction<Buffer> life = b -> b.lastStep - b.firstStep;
        ToLongFunction<Buffer> area = b -> b.bytes * (b.lastStep - b.firstStep + 1L);
        MemoryPlan best = null;
        for (ToLongFunction<Buffer> key : List.of(size, area, life)) {
            List<Integer> order = new ArrayList<>(IntStream.range(0, buffers.size()).boxed().toList());
            order.sort((a, b) -> largestFirst(buffers, key, a, b));
            for (int round = 0; round < ROUNDS && (best == null || best.bytes > lowerBound); round++) {
                MemoryPlan plan = place(buffers, order, lowerBound);
                best = best == null || plan.bytes < best.bytes ? plan : best;
                Integer highest = order.stream()
                        .max((a, b) -> Long.compare(plan.placements.get(a).end(), plan.placements.get(b).end())).orElse(0);
                order.remove(highest);
                order.addFirst(highest);
            }
        }
        best.check();
        return best;
    }

    // The lambdas of Comparator's own ways to do this are serialisable, and JDK 25's AOT cache keeps none such.
    private static int largestFirst(List<Buffer> buffers, ToLongFunction<Buffer> key, int a, int b) {
        int byKey = Long.compare(key.applyAsLong(buffers.get(b)), key.applyAsLong(buffers.get(a)));
        int bySize = Long.compare(buffers.get(b).bytes(), buffers.get(a).bytes());
        return byKey != 0 ? byKey : bySize != 0 ? bySize : Integer.compare(a, b);
    }

    private static MemoryPlan place(List<Buffer> buffers, List<Integer> order, long lowerBound) {
        Placement[] placed = new Placement[buffers.size()];
        List<Placement> byOffset = new ArrayList<>();
        long end = 0;
        for (int i : order) {
            Buffer b = buffers.get(i);
            Placement p = new Placement(b, gap(b, byOffset));
            placed[i] = p;
            int at = 0;
            while (at < byOffset.size() && byOffset.get(at).offset <= p.offset) {
                at++;
            }
            byOffset.add(at, p);
            end = Math.max(end, p.end());
        }
        return new MemoryPlan(List.of(placed), end, lowerBound);
    }

    private static long gap(Buffer b, List<Placement> byOffset) {
        long best = -1;
        long bestSize = Long.MAX_VALUE;
        long free = 0;
        for (Placement p : byOffset) {
            if (p.buffer.overlaps(b)) {
                long size = p.offset - free;
                if (size >= b.alignedBytes() && size < bestSize) {
                    best = free;
                    bestSize = size;
                }
                free = Math.max(free, p.end());
            }
        }
        return best >= 0 ? best : free;
    }

    private static long lowerBound(List<Buffer> buffers) {
        long most = 0;
        for (Buffer at : buffers) {
            long sum = 0;
            for (Buffer b : buffers) {
                if (b.firstStep <= at.firstStep && at.firstStep <= b.lastStep) {
                    sum += b.alignedBytes();
                }
            }
            most = Math.max(most, sum);
        }
        return most;
    }

    /** @throws IllegalStateException when two buffers that live at the same time share a byte */
    private void check() {
        for (int i = 0; i < placements.size(); i++) {
            for (int j = 0; j < i; j++) {
                Placement a = placements.get(i);
                Placement b = placements.get(j);
                if (a.buffer.overlaps(b.buffer) && a.offset < b.end() && b.offset < a.end()) {
                    throw new IllegalStateException("memory plan: " + a + " overlaps " + b);
                }
            }
        }
    }
}
