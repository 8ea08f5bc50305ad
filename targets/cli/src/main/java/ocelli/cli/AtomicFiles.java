package ocelli.cli;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Files that appear complete or not at all. */
public final class AtomicFiles {
    /** Writes a file that does not exist yet. */
    @FunctionalInterface
    interface Writer {
        void write(Path path) throws IOException;
    }

    private AtomicFiles() {
    }

    /**
     * Replaces a file in one step. What a link points to is replaced, not the link; devices and pipes are written to.
     *
     * @throws IOException when the folder does not exist or cannot be written; the old file is still there then
     */
    public static void write(Path target, byte[] content) throws IOException {
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            Files.write(target, content);
            return;
        }
        writeAll(Map.of(target, path -> Files.write(path, content)));
    }

    /**
     * Writes several files. Everything that may run out of space happens before the first of them appears; when one cannot
     * be put into place, those that were are taken away again.
     */
    static void writeAll(Map<Path, Writer> files) throws IOException {
        Map<Path, Path> moves = new LinkedHashMap<>();
        List<Path> placed = new ArrayList<>();
        boolean done = false;
        try {
            for (Map.Entry<Path, Writer> file : files.entrySet()) {
                Path target = Files.exists(file.getKey()) ? file.getKey().toRealPath() : file.getKey().toAbsolutePath();
                // Not createTempFile, whose files only their owner may read.
                Path temporary = target.resolveSibling("." + UUID.randomUUID() + ".tmp");
                moves.put(temporary, target);
                file.getValue().write(temporary);
            }
            for (Map.Entry<Path, Path> move : moves.entrySet()) {
                move(move.getKey(), move.getValue());
                placed.add(move.getValue());
            }
            done = true;
        } finally {
            for (Path temporary : moves.keySet()) {
                Files.deleteIfExists(temporary);
            }
            for (Path path : done ? List.<Path>of() : placed) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
