package ocelli.formats;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.model.Model;

/**
 * Damages a file in place and takes the damage back, so that a case costs no copy of the file. Most damage goes where the
 * file's structure is: weights fill most bytes of a file, and no reader looks at them.
 */
public final class Mutator {
    private static final int LARGEST_WINDOW = 1 << 16;
    /** Constants up to this size may be shapes, axes or paddings. */
    public static final int SMALL_CONSTANT = 256;

    private final MemorySegment file;
    private final List<long[]> structure = new ArrayList<>();
    private final long structureBytes;
    private final Deque<Undo> undo = new ArrayDeque<>();
    private final StringBuilder description = new StringBuilder();

    private record Undo(long at, byte[] bytes) {
    }

    /**
     * @param weightRanges ranges of bytes, [from, to), that are only numbers: damage there would say little
     * @param arena   for the copy that is damaged
     */
    public Mutator(byte[] original, List<long[]> weightRanges, Arena arena) {
        file = arena.allocate(original.length, 64);
        MemorySegment.copy(original, 0, file, ValueLayout.JAVA_BYTE, 0, original.length);
        List<long[]> weights = new ArrayList<>(weightRanges);
        weights.sort((a, b) -> Long.compare(a[0], b[0]));
        long from = 0;
        for (long[] w : weights) {
            if (w[0] > from) {
                structure.add(new long[] {from, w[0]});
            }
            from = Math.max(from, w[1]);
        }
        if (from < original.length) {
            structure.add(new long[] {from, original.length});
        }
        structureBytes = structure.stream().mapToLong(s -> s[1] - s[0]).sum();
    }

    /** The constants of a graph that lie in its file and are no shapes, axes or paddings. */
    public static List<long[]> constants(Model model, MemorySegment file) {
        List<long[]> weights = new ArrayList<>();
        for (Node node : model.graph().nodes()) {
            for (Value v : node.inputs()) {
                v.data().filter(d -> d.byteSize() > SMALL_CONSTANT).map(d -> d.address() - file.address())
                        .filter(at -> at >= 0 && at < file.byteSize()).ifPresent(at -> weights.add(new long[] {at, at + v.type().bytes()}));
            }
        }
        return weights;
    }

    /** The file with one to four faults; valid until {@link #restore}. */
    public MemorySegment mutate(Random random) {
        description.setLength(0);
        long length = file.byteSize();
        int faults = random.nextInt(4) == 0 ? 2 + random.nextInt(3) : 1;
        for (int i = 0; i < faults; i++) {
            long at = position(random);
            switch (random.nextInt(20)) {
                case 0, 1, 2 -> bitFlip(at, random);
                case 3, 4, 5 -> set(at, new byte[] {(byte) random.nextInt(256)}, "byte");
                case 6, 7, 8, 9, 10, 11 -> set(at & ~3L, int32(number(at & ~3L, random)), "int32");
                case 12, 13 -> set(at & ~1L, int16((int) number(at & ~3L, random)), "int16");
                case 14 -> set(at & ~7L, int64(random.nextBoolean() ? number(at & ~3L, random) : random.nextLong()), "int64");
                case 15, 16 -> copyChunk(at, random);
                case 17 -> shift(at, random, 1 + random.nextInt(16), true);
                case 18 -> shift(at, random, 1 + random.nextInt(16), false);
                default -> {
                    length = random.nextInt(3) == 0 ? random.nextInt((int) Math.min(length + 1, 256))
                            : (long) (random.nextDouble() * length);
                    description.append("truncated to ").append(length).append("; ");
                }
            }
        }
        return file.asSlice(0, length).asReadOnly();
    }

    public String description() {
        return description.toString();
    }

    public void restore() {
        while (!undo.isEmpty()) {
            Undo u = undo.pop();
            MemorySegment.copy(u.bytes, 0, file, ValueLayout.JAVA_BYTE, u.at, u.bytes.length);
        }
    }

    private long position(Random random) {
        if (random.nextInt(10) == 0) {
            return (long) (random.nextDouble() * file.byteSize());
        }
        long n = (long) (random.nextDouble() * structureBytes);
        for (long[] range : structure) {
            if (n < range[1] - range[0]) {
                return range[0] + n;
            }
            n -= range[1] - range[0];
        }
        return 0;
    }

    private void bitFlip(long at, Random random) {
        int bit = random.nextInt(8);
        set(at, new byte[] {(byte) (file.get(ValueLayout.JAVA_BYTE, at) ^ 1 << bit)}, "bit " + bit);
    }

    /** Numbers that lengths and offsets are afraid of. */
    private long number(long at, Random random) {
        long[] fixed = {0, 1, -1, 2, 3, 4, 5, 7, 8, 16, 127, 128, 255, 256, 4096, 32767, 32768, 65535, 65536, 1 << 20, 1 << 24,
            Integer.MAX_VALUE, Integer.MIN_VALUE, 0xfffffffcL, file.byteSize(), file.byteSize() - 1, file.byteSize() - at,
            file.byteSize() - at - 4, -at};
        long old = at + 4 <= file.byteSize() ? file.get(ValueLayout.JAVA_INT_UNALIGNED, at) : 0;
        return switch (random.nextInt(8)) {
            case 0 -> old + 1;
            case 1 -> old - 1;
            case 2 -> old + 4 * (random.nextInt(65) - 32);
            case 3 -> random.nextBoolean() ? old * 2 : -old;
            case 4 -> random.nextInt(64);
            default -> fixed[random.nextInt(fixed.length)];
        };
    }

    private void copyChunk(long at, Random random) {
        int n = 1 + random.nextInt(64);
        long from = position(random);
        if (random.nextBoolean()) {
            from &= ~3L;
            n = (n + 3) & ~3;
        }
        n = (int) Math.min(n, file.byteSize() - from);
        set(random.nextBoolean() ? at & ~3L : at, file.asSlice(from, n).toArray(ValueLayout.JAVA_BYTE), "chunk from " + from);
    }

    /** Inserts or removes bytes: what lies behind moves, within a window. */
    private void shift(long at, Random random, int by, boolean insert) {
        int window = (int) Math.min(random.nextBoolean() ? LARGEST_WINDOW : 64, file.byteSize() - at);
        byte[] now = file.asSlice(at, window).toArray(ValueLayout.JAVA_BYTE);
        byte[] moved = now.clone();
        int n = Math.min(by, window);
        if (insert) {
            System.arraycopy(now, 0, moved, n, window - n);
            byte[] fresh = new byte[n];
            random.nextBytes(fresh);
            System.arraycopy(fresh, 0, moved, 0, n);
        } else {
            System.arraycopy(now, n, moved, 0, window - n);
        }
        set(at, moved, (insert ? "insert " : "remove ") + n);
    }

    private void set(long at, byte[] bytes, String what) {
        int n = (int) Math.min(bytes.length, file.byteSize() - at);
        undo.push(new Undo(at, file.asSlice(at, n).toArray(ValueLayout.JAVA_BYTE)));
        MemorySegment.copy(bytes, 0, file, ValueLayout.JAVA_BYTE, at, n);
        description.append(what).append(" at ").append(at);
        if (n <= 8) {
            description.append(" = ");
            for (int i = n - 1; i >= 0; i--) {
                description.append(String.format("%02x", bytes[i]));
            }
        }
        description.append("; ");
    }

    private static byte[] int16(int v) {
        return new byte[] {(byte) v, (byte) (v >> 8)};
    }

    private static byte[] int32(long v) {
        return new byte[] {(byte) v, (byte) (v >> 8), (byte) (v >> 16), (byte) (v >> 24)};
    }

    private static byte[] int64(long v) {
        byte[] bytes = new byte[8];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (v >> 8 * i);
        }
        return bytes;
    }
}
