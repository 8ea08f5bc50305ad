package ocelli.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ocelli.core.model.Model;
import ocelli.core.model.Models;
import ocelli.core.model.ReadOptions;

/** Opens the model that the user names. */
final class ModelFile {
    private ModelFile() {
    }

    /** @throws CommandFailure when there is no such file, it cannot be read, or the options do not fit its inputs */
    static Model read(Path path, ReadOptions options) {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new CommandFailure(ExitCode.MODEL, path + ": found " + (Files.isDirectory(path) ? "a folder" : "no regular file")
                    + ", wanted a model file");
        }
        try {
            return Models.read(path, options);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, path + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.MODEL, path + ": " + Text.reason(e) + ", wanted a model file", e);
        }
    }
}
