package ocelli.cli.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import ocelli.cli.CommandFailure;
import ocelli.cli.ExitCode;
import ocelli.cli.Text;

/** The photos of a folder, found by the names that annotations have for them. */
public final class PhotoFolder {
    private final Path folder;
    private final List<Path> photos;
    private final Map<String, Path> byName = new HashMap<>();
    private final Map<String, Path> byStem = new HashMap<>();

    /** @throws CommandFailure when there is no such folder or no photo in it */
    public PhotoFolder(Path folder) {
        this.folder = folder;
        try (Stream<Path> files = Files.list(folder)) {
            photos = files.filter(p -> p.getFileName().toString().toLowerCase(Locale.ROOT).matches(".*\\.(jpe?g|png)")).sorted().toList();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.INPUT, "--images " + folder + ": "
                    + (Files.isRegularFile(folder) ? "found a file" : Text.reason(e)) + ", wanted a folder of photos", e);
        }
        if (photos.isEmpty()) {
            throw new CommandFailure(ExitCode.INPUT, "--images " + folder + ": found no photo, wanted JPEG or PNG files");
        }
        for (Path photo : photos) {
            String name = photo.getFileName().toString();
            byName.put(name, photo);
            byStem.put(name.substring(0, name.lastIndexOf('.')), photo);
        }
    }

    /** The photos by name. */
    public List<Path> photos() {
        return photos;
    }

    /** The photo that annotations call so: a name in the folder, below it, or with folders of its own that are not here. */
    public Optional<Path> find(String name) {
        try {
            Path below = folder.resolve(name).normalize();
            if (below.startsWith(folder.normalize()) && Files.isRegularFile(below)) {
                return Optional.of(below);
            }
        } catch (InvalidPathException e) {
            // A name that no file can have is one that is not there; the caller says so.
            return Optional.empty();
        }
        return Optional.ofNullable(byName.get(name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)));
    }

    /** The photo of this name without its ending. */
    Optional<Path> withStem(String stem) {
        return Optional.ofNullable(byStem.get(stem));
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
