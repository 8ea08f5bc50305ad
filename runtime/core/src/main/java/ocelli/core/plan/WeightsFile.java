package ocelli.core.plan;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Packed weights in a file, little-endian: a header of {@value #HEADER} bytes (magic, key, bytes of the file, checksum of all that
 * is behind the header, bytes of the table, pieces), the table (for each piece the bytes of its key, the key, offset, size), and
 * the pieces at multiples of 64. Whatever is wrong with a file is a reason to pack anew, never to fail: it holds numbers only, so
 * that the worst that a forged one can do is wrong results.
 */
final class WeightsFile {
    /** OCELLIW1. */
    private static final long MAGIC = 0x3157494c4c45434fL;
    private static final int HEADER = 64;
    private static final int KEY_AT = 8;
    private static final int BYTES_AT = 40;
    private static final int CHECKSUM_AT = 48;
    private static final int TABLE_AT = 52;
    private static final int PIECES_AT = 56;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private WeightsFile() {
    }

    /** A file that is not what it should be. */
    static final class RejectedException extends Exception {
        private static final long serialVersionUID = 1;

        RejectedException(String reason) {
            super(reason);
        }
    }

    /**
     * Maps the pieces, read-only, for the life of the arena.
     *
     * @param key what the pieces must have been packed for
     * @throws RejectedException when the file is broken, or of something else
     * @throws IOException       when it cannot be read
     */
    static Map<String, MemorySegment> map(Path path, byte[] key, Arena arena) throws IOException, RejectedException {
        MemorySegment file;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            require(channel.size() >= HEADER, "it has " + channel.size() + " bytes");
            file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
        long size = file.byteSize();
        require(file.get(LONG, 0) == MAGIC, "it is no file of packed weights");
        require(file.asSlice(KEY_AT, key.length).mismatch(MemorySegment.ofArray(key)) < 0, "it is of another model or version");
        require(file.get(LONG, BYTES_AT) == size, "it has " + size + " bytes instead of " + file.get(LONG, BYTES_AT));
        require(file.get(INT, CHECKSUM_AT) == Checksum.of(file.asSlice(HEADER)), "its checksum is wrong");
        long end = HEADER + (long) file.get(INT, TABLE_AT);
        require(end >= HEADER && end <= size, "its table ends at " + end);
        Map<String, MemorySegment> pieces = new LinkedHashMap<>();
        int count = file.get(INT, PIECES_AT);
        require(count >= 0, "it has " + count + " pieces");
        long at = HEADER;
        for (int i = 0; i < count; i++) {
            require(end - at >= 4, "its table is short");
            int length = file.get(INT, at);
            require(length >= 0 && end - at - 4 >= length + 16L, "its table is short");
            String name = new String(file.asSlice(at + 4, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
            long offset = file.get(LONG, at + 4 + length);
            long bytes = file.get(LONG, at + 12 + length);
            require(offset >= end && offset % MemoryPlan.ALIGNMENT == 0 && offset <= size && bytes >= 0 && bytes <= size - offset,
                    "a piece lies at " + offset);
            pieces.put(name, file.asSlice(offset, bytes));
            at += 20 + length;
        }
        return pieces;
    }

    private static void require(boolean fine, String reason) throws RejectedException {
        if (!fine) {
            throw new RejectedException(reason);
        }
    }

    /** Writes a file that appears complete or not at all. */
    static void write(Path path, byte[] key, Map<String, MemorySegment> pieces) throws IOException {
        long table = pieces.keySet().stream().mapToLong(k -> 20 + k.getBytes(StandardCharsets.UTF_8).length).sum();
        long size = align(HEADER + table);
        for (MemorySegment piece : pieces.values()) {
            size = align(size + piece.byteSize());
        }
        Files.createDirectories(path.toAbsolutePath().getParent());
        Path temporary = path.resolveSibling("." + UUID.randomUUID() + ".tmp");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment file = arena.allocate(size, MemoryPlan.ALIGNMENT);
            fill(file, key, pieces, table);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                for (long done = 0; done < size; ) {
                    done += channel.write(file.asSlice(done, Math.min(size - done, 1 << 30)).asByteBuffer());
                }
            }
            move(temporary, path);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void fill(MemorySegment file, byte[] key, Map<String, MemorySegment> pieces, long table) {
        long at = HEADER;
        long offset = align(HEADER + table);
        for (Map.Entry<String, MemorySegment> piece : pieces.entrySet()) {
            byte[] name = piece.getKey().getBytes(StandardCharsets.UTF_8);
            long bytes = piece.getValue().byteSize();
            file.set(INT, at, name.length);
            MemorySegment.copy(name, 0, file, ValueLayout.JAVA_BYTE, at + 4, name.length);
            file.set(LONG, at + 4 + name.length, offset);
            file.set(LONG, at + 12 + name.length, bytes);
            MemorySegment.copy(piece.getValue(), 0, file, offset, bytes);
            at += 20 + name.length;
            offset = align(offset + bytes);
        }
        file.set(LONG, 0, MAGIC);
        MemorySegment.copy(key, 0, file, ValueLayout.JAVA_BYTE, KEY_AT, key.length);
        file.set(LONG, BYTES_AT, file.byteSize());
        file.set(INT, TABLE_AT, Math.toIntExact(table));
        file.set(INT, PIECES_AT, pieces.size());
        file.set(INT, CHECKSUM_AT, Checksum.of(file.asSlice(HEADER)));
    }

    private static long align(long bytes) {
        return (bytes + MemoryPlan.ALIGNMENT - 1) / MemoryPlan.ALIGNMENT * MemoryPlan.ALIGNMENT;
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
