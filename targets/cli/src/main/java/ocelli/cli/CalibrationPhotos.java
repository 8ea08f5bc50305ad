package ocelli.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import ocelli.vision.image.Frame;
import ocelli.vision.image.ImageFormatException;
import ocelli.vision.image.Images;

/** The photos of a folder, by name; those that cannot be read are named and left out. */
final class CalibrationPhotos {
    /** Pixels that are kept in memory between two uses; the rest is read again. */
    private static final long MOST_BYTES = 96L << 20;

    private final List<Path> paths = new ArrayList<>();
    private final List<Frame> kept = new ArrayList<>();

    /**
     * @param most  photos that are taken, evenly spread over the folder when it holds more
     * @param skips takes a line for each file that is left out
     * @throws CommandFailure when the folder has no photo that can be read
     */
    CalibrationPhotos(Path folder, int most, Consumer<String> skips) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new CommandFailure(ExitCode.INPUT, folder + ": found " + (Files.exists(folder) ? "a file" : "nothing")
                    + ", wanted a folder of photos");
        }
        List<Path> found;
        try (Stream<Path> files = Files.list(folder)) {
            found = files.filter(p -> p.getFileName().toString().toLowerCase(Locale.ROOT).matches(".*\\.(jpe?g|png)")).sorted().toList();
        }
        int step = Math.max(1, found.size() / most);
        long bytes = 0;
        for (int i = 0; i < found.size() && paths.size() < most; i += step) {
            Frame frame = read(found.get(i), skips);
            if (frame != null) {
                bytes += frame.rgb().length;
                kept.add(bytes <= MOST_BYTES ? frame : null);
                paths.add(found.get(i));
            }
        }
        if (paths.isEmpty()) {
            throw new CommandFailure(ExitCode.INPUT, folder + ": found " + (found.isEmpty() ? "no JPEG or PNG photo"
                    : "no photo that can be read among " + found.size()) + ", wanted photos like those that the model will see");
        }
    }

    private static Frame read(Path path, Consumer<String> skips) {
        try {
            return Images.read(path);
        } catch (ImageFormatException e) {
            skips.accept("left out: " + e.getMessage());
        } catch (IOException e) {
            skips.accept("left out: " + path + ": " + Text.reason(e));
        }
        return null;
    }

    int size() {
        return paths.size();
    }

    Frame frame(int i) {
        if (kept.get(i) != null) {
            return kept.get(i);
        }
        try {
            return Images.read(paths.get(i));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
