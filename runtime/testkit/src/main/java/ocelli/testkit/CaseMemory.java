package ocelli.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Native memory whose surroundings are watched. Not thread-safe; closing it frees every segment. */
abstract class CaseMemory implements AutoCloseable {
    /** What stands in unused bytes: not 0, 127, 128 or 255, which kernels write often. */
    static final byte CANARY = (byte) 0xA5;
    private static final int MARGIN = 128;

    final Arena arena = Arena.ofShared();
    /** Whole blocks, and the part of each that was handed out. */
    private final List<MemorySegment> blocks = new ArrayList<>();
    private final List<MemorySegment> parts = new ArrayList<>();

    /** Memory as a plan gives it. */
    static CaseMemory of(Placement placement) {
        return placement == Placement.PLAIN ? new Plain() : new GuardPages(placement == Placement.GUARD_BEHIND);
    }

    /**
     * A segment.
     *
     * @param alignment of its first byte, a power of two; guarded memory aligns the side at the guard only when
     *                  {@code strict}, for then the size may be rounded up
     */
    abstract MemorySegment allocate(long bytes, int alignment, boolean strict);

    final MemorySegment track(MemorySegment block, MemorySegment part) {
        block.fill(CANARY);
        part.fill((byte) 0);
        blocks.add(block);
        parts.add(part);
        return part;
    }

    /** Fails when a byte around a segment has changed. */
    final void verify(String what) {
        for (int i = 0; i < blocks.size(); i++) {
            MemorySegment block = blocks.get(i);
            MemorySegment part = parts.get(i);
            long begin = part.address() - block.address();
            verify(what, block.asSlice(0, begin), "before");
            verify(what, block.asSlice(begin + part.byteSize()), "behind");
        }
    }

    private static void verify(String what, MemorySegment canaries, String side) {
        for (long i = 0; i < canaries.byteSize(); i++) {
            if (canaries.get(ValueLayout.JAVA_BYTE, i) != CANARY) {
                throw new AssertionError(what + " wrote " + side + " a segment, " + (side.equals("behind") ? i : canaries.byteSize() - 1 - i)
                        + " bytes away from it");
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }

    /** Ordinary native memory between two margins. */
    private static final class Plain extends CaseMemory {
        @Override
        MemorySegment allocate(long bytes, int alignment, boolean strict) {
            // An odd address for what needs no alignment: constants may lie anywhere in a mapped file.
            long shift = alignment == 1 ? 1 : 0;
            MemorySegment block = arena.allocate(bytes + 2 * MARGIN, MARGIN);
            return track(block, block.asSlice(MARGIN - shift, bytes));
        }
    }
}
