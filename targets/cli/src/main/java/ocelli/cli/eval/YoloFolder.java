package ocelli.cli.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import ocelli.cli.CommandFailure;
import ocelli.cli.ExitCode;
import ocelli.cli.Text;
import ocelli.vision.Labels;
import ocelli.vision.eval.Dataset;
import ocelli.vision.eval.EvalBox;
import ocelli.vision.eval.Truth;
import ocelli.vision.image.Frame;
import ocelli.vision.image.Images;

/**
 * Reads a folder of YOLO's label files, one a photo: a line for each object with its class and the centre, width and height as
 * parts of the photo's sides; what follows on the line (key points) is left out. Names come from {@code classes.txt} in the
 * folder, else they are those of COCO's 80 classes.
 */
final class YoloFolder {
    /** File of names, which is no file of labels. */
    static final String NAMES = "classes.txt";

    private static final int WORDS = 5;

    private YoloFolder() {
    }

    /** Only the categories of which there are objects. */
    static Dataset read(Path folder, List<Path> files, PhotoFolder photoFolder) throws IOException {
        Labels names = Files.exists(folder.resolve(NAMES)) ? Labels.read(folder.resolve(NAMES)) : Labels.builtIn("coco-80").orElseThrow();
        List<Dataset.Photo> photos = new ArrayList<>();
        List<Truth> truths = new ArrayList<>();
        TreeSet<Integer> used = new TreeSet<>();
        for (Path file : files) {
            String stem = file.getFileName().toString().replaceFirst("\\.txt$", "");
            Optional<Path> photo = photoFolder.withStem(stem);
            int at = photos.size();
            photos.add(new Dataset.Photo(at, photo.map(p -> p.getFileName().toString()).orElse(stem + ".jpg")));
            if (photo.isPresent()) {
                read(file, Images.read(photo.get()), at, names, truths);
            }
        }
        truths.forEach(t -> used.add(t.category()));
        List<Dataset.Category> categories = new ArrayList<>();
        for (int c = 0; c < names.names().size(); c++) {
            categories.add(new Dataset.Category(c, names.name(c)));
        }
        return new Dataset(photos, categories, truths).only(p -> true, used::contains);
    }

    private static void read(Path file, Frame frame, int photo, Labels names, List<Truth> truths) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.INPUT, file + ": " + Text.reason(e) + ", wanted a text of labels", e);
        }
        for (int i = 0; i < lines.size(); i++) {
            String[] words = lines.get(i).strip().split("\\s+");
            if (words.length == 1 && words[0].isEmpty()) {
                continue;
            }
            try {
                if (words.length < WORDS) {
                    throw new IllegalArgumentException(words.length + " words");
                }
                int category = Integer.parseInt(words[0]);
                double w = Double.parseDouble(words[3]) * frame.width();
                double h = Double.parseDouble(words[4]) * frame.height();
                EvalBox box = new EvalBox(Double.parseDouble(words[1]) * frame.width() - w / 2,
                        Double.parseDouble(words[2]) * frame.height() - h / 2, w, h);
                if (category < 0 || category >= names.names().size()) {
                    throw new IllegalArgumentException("class " + category + " of " + names.names().size());
                }
                truths.add(new Truth(photo, category, box, box.area(), false, false));
            } catch (IllegalArgumentException e) {
                throw new CommandFailure(ExitCode.INPUT, file + ": line " + (i + 1) + " has " + e.getMessage()
                        + ", wanted a class and the centre, width and height of a box", e);
            }
        }
    }
}
