package ocelli.core.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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
     * Places the largest buffers first, each into the tightest gap that its life leaves free (Pisarchyk and Lee, Efficient
     * Memory Management for Deep Neural Net Inference, 2020, "greedy by size").
     */
    public static MemoryPlan of(List<Buffer> buffers) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < buffers.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingLong((Integer i) -> -buffers.get(i).bytes()).thenComparingInt(i -> i));
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
        MemoryPlan plan = new MemoryPlan(List.of(placed), end, lowerBound(buffers));
        plan.check();
        return plan;
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
