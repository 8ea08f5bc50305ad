package ocelli.cli.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ocelli.cli.CommandFailure;
import ocelli.cli.ExitCode;
import ocelli.vision.eval.Dataset;

/** What is in photos, from any form of file that is read. */
public final class Annotations {
    private Annotations() {
    }

    /**
     * Reads COCO's file, or a folder of Pascal VOC's or YOLO's.
     *
     * @param photos where YOLO's need the sizes from
     * @throws CommandFailure when it is none of these
     */
    public static Dataset read(Path path, Optional<PhotoFolder> photos) throws IOException {
        if (!Files.isDirectory(path)) {
            return CocoFile.read(path);
        }
        List<Path> xml = files(path, ".xml");
        if (!xml.isEmpty()) {
            return VocFolder.read(xml);
        }
        List<Path> txt = files(path, ".txt").stream().filter(p -> !p.getFileName().toString().equals(YoloFolder.NAMES)).toList();
        if (txt.isEmpty()) {
            throw new CommandFailure(ExitCode.INPUT, "--annotations " + path
                    + ": found a folder without .xml or .txt files, wanted COCO's JSON file, "
                    + "or a folder of Pascal VOC's .xml or YOLO's .txt files");
        }
        return YoloFolder.read(path, txt, photos.orElseThrow(() -> new CommandFailure(ExitCode.USAGE,
                "--annotations " + path + ": YOLO's boxes are parts of photos, wanted --images DIR too")));
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(p -> p.getFileName().toString().endsWith(ending)).sorted().toList();
        }
    }
}
