package ocelli.formats.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Files of weights beside the model. A model names them itself, so they are confined to its folder: no absolute path, no step
 * upwards, and no symbolic link that leaves the folder.
 *
 * @see <a href="https://onnx.ai/onnx/repo-docs/ExternalData.html">ONNX external data</a>
 */
final class ExternalData {
    private static final int MOST_FILES = 1 << 12;

    private final Path folder;
    private final Map<String, MemorySegment> mapped = new HashMap<>();

    /** @param model the model's path */
    ExternalData(Path model) {
        this.folder = model.toAbsolutePath().normalize().getParent();
    }

    /**
     * A tensor's elements, a view of the mapped file.
     *
     * @param entries location, offset and length as the tensor has them
     * @param bytes   what the tensor's type needs
     * @throws IllegalArgumentException when the file is outside of the folder, or does not hold these bytes
     * @throws UncheckedIOException     when the file cannot be read
     */
    MemorySegment slice(Map<String, String> entries, long bytes) {
        String location = entries.getOrDefault("location", "");
        long offset = number(entries, "offset", 0);
        long length = number(entries, "length", bytes);
        if (length != bytes) {
            throw new IllegalArgumentException("external data has length " + length + ", the type needs " + bytes + " bytes");
        }
        MemorySegment data = mapped.get(location);
        if (data == null) {
            if (mapped.size() == MOST_FILES) {
                throw new IllegalArgumentException("external data lies in over " + MOST_FILES + " files");
            }
            data = map(location);
            mapped.put(location, data);
        }
        if (offset > data.byteSize() - bytes) {
            throw new IllegalArgumentException("external data needs " + bytes + " bytes at offset " + offset + " of " + location
                    + ", which has "
                    + data.byteSize());
        }
        return data.asSlice(offset, bytes);
    }

    private static long number(Map<String, String> entries, String key, long otherwise) {
        String text = entries.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            long n = Long.parseLong(text);
            if (n >= 0) {
                return n;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("external data has " + key + " \"" + text + "\", wanted a number of at least 0", e);
        }
        throw new IllegalArgumentException("external data has " + key + " " + text + ", wanted a number of at least 0");
    }

    private MemorySegment map(String location) {
        Path file = resolve(location);
        try {
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException("external data " + location + " is not there, wanted a file in " + folder);
            }
            // Links are followed here, and what they lead to must be in the folder as well.
            Path real = file.toRealPath();
            if (!real.startsWith(folder.toRealPath())) {
                throw outside(location);
            }
            try (FileChannel channel = FileChannel.open(real, StandardOpenOption.READ)) {
                return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("external data " + location + " cannot be read: " + e.getMessage(), e);
        }
    }

    private Path resolve(String location) {
        if (location.isBlank() || folder == null) {
            throw new IllegalArgumentException("external data has no location");
        }
        Path relative;
        try {
            relative = Path.of(location);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("external data has location \"" + location + "\", wanted a path", e);
        }
        boolean up = false;
        for (Path step : relative) {
            up |= step.toString().equals("..");
        }
        // A backslash or a drive would be a step or a root elsewhere; models move between systems.
        if (up || relative.isAbsolute() || location.indexOf('\\') >= 0 || location.indexOf(':') >= 0) {
            throw outside(location);
        }
        return folder.resolve(relative).normalize();
    }

    private IllegalArgumentException outside(String location) {
        return new IllegalArgumentException("external data " + location + " is outside of the model's folder, wanted a file inside of "
                + folder);
    }
}
