package ocelli.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where {@code --out} puts the picture of each photo. */
final class Pictures {
    private Pictures() {
    }

    /** Whether the user means one file rather than a folder: a name that ends in {@code .png} and is no folder. */
    static boolean isFile(Path out) {
        return out.toString().toLowerCase(Locale.ROOT).endsWith(".png") && !Files.isDirectory(out);
    }

    /**
     * One picture for each photo: the given file, or files of the given folder named after the photos. The folder is made.
     *
     * @throws CommandFailure when several photos want one file, or a picture would replace a photo
     */
    static Map<Path, Path> of(List<Path> photos, Path out) throws IOException {
        Map<Path, Path> pictures = new HashMap<>();
        if (isFile(out)) {
            if (photos.size() != 1) {
                throw new CommandFailure(ExitCode.USAGE, "--out " + out + ": found a file for " + photos.size() + " photos, wanted a folder");
            }
            if (out.toAbsolutePath().getParent() != null && !Files.isDirectory(out.toAbsolutePath().getParent())) {
                throw new CommandFailure(ExitCode.USAGE, "--out " + out + ": its folder does not exist");
            }
            pictures.put(photos.get(0), out);
        } else {
            if (Files.exists(out) && !Files.isDirectory(out)) {
                throw new CommandFailure(ExitCode.USAGE, "--out " + out + ": found a file, wanted a folder or a name that ends in .png");
            }
            Files.createDirectories(out);
            FileNames names = new FileNames(".png");
            for (Path photo : photos) {
                // A root folder has no name; reading it fails later, with a line of its own.
                String name = photo.getFileName() == null ? "" : photo.getFileName().toString();
                pictures.put(photo, out.resolve(names.next(name.replaceFirst("\\.[^.]*$", ""), "photo")));
            }
        }
        for (Path photo : photos) {
            for (Path picture : pictures.values()) {
                if (Files.exists(photo) && Files.exists(picture) && Files.isSameFile(photo, picture)) {
                    throw new CommandFailure(ExitCode.USAGE, "--out " + out + ": the picture would replace the photo " + photo);
                }
            }
        }
        return pictures;
    }
}
