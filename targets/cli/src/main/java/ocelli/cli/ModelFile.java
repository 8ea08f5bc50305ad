package ocelli.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ocelli.core.model.Model;
import ocelli.core.model.Models;

/** Opens the model that the user names. */
final class ModelFile {
    private ModelFile() {
    }

    /** @throws CommandFailure when there is no such file or it cannot be read */
    static Model read(Path path) {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new CommandFailure(ExitCode.MODEL, path + ": found " + (Files.isDirectory(path) ? "a folder" : "no regular file")
                    + ", wanted a model file");
        }
        try {
            return Models.read(path);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.MODEL, path + ": " + Text.reason(e) + ", wanted a model file", e);
        }
    }
}
