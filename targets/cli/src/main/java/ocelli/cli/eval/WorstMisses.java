package ocelli.cli.eval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import ocelli.vision.draw.ContactSheet;
import ocelli.vision.draw.Mark;
import ocelli.vision.eval.Dataset;
import ocelli.vision.eval.EvalBox;
import ocelli.vision.eval.Found;
import ocelli.vision.eval.Mistake;
import ocelli.vision.image.Images;

/** The photos on which a detector made most mistakes, on one picture: missed objects red, false alarms blue, confusions yellow. */
public final class WorstMisses {
    /** Name of the picture in its folder. */
    public static final String FILE = "worst-misses.png";

    private static final int PHOTOS = 12;
    private static final int COLUMNS = 3;
    private static final int MISSED = 0xff4040;
    private static final int FALSE_ALARM = 0x60a0ff;
    private static final int CONFUSED = 0xffd040;

    private WorstMisses() {
    }

    /**
     * Writes the picture.
     *
     * @param files path of each photo of the dataset
     * @return whether there was a mistake to show
     */
    public static boolean write(Dataset data, List<Mistake> mistakes, IntFunction<Path> files, Path picture) throws IOException {
        Map<Integer, List<Mistake>> byPhoto = new TreeMap<>();
        mistakes.forEach(m -> byPhoto.computeIfAbsent(m.photo(), p -> new ArrayList<>()).add(m));
        if (byPhoto.isEmpty()) {
            return false;
        }
        ContactSheet sheet = new ContactSheet(COLUMNS);
        List<List<Mistake>> worst = byPhoto.values().stream()
                .sorted(Comparator.comparingDouble(l -> -l.stream().mapToDouble(WorstMisses::weight).sum())).limit(PHOTOS).toList();
        for (List<Mistake> photo : worst) {
            int at = photo.get(0).photo();
            List<Mark> marks = photo.stream().map(m -> mark(data, m)).toList();
            long missed = photo.stream().filter(m -> m instanceof Mistake.Missed).count();
            long confused = photo.stream().filter(m -> m instanceof Mistake.Confused).count();
            sheet.add(Images.read(files.apply(at)), marks, data.photos().get(at).file() + ": " + missed + " missed, "
                    + confused + " confused, " + (photo.size() - missed - confused) + " false");
        }
        Images.writePng(sheet.picture(), picture);
        return true;
    }

    /** A false alarm is as bad as the detector is sure of it. */
    private static double weight(Mistake m) {
        return m instanceof Mistake.FalseAlarm f ? f.found().score() : 1;
    }

    private static Mark mark(Dataset data, Mistake mistake) {
        return switch (mistake) {
            case Mistake.Missed m -> mark("missed " + name(data, m.truth().category()), MISSED, m.truth().box());
            case Mistake.FalseAlarm f -> mark(String.format(Locale.ROOT, "no %s %.2f", name(data, f.found().category()),
                    f.found().score()), FALSE_ALARM,
                    f.found().box());
            case Mistake.Confused c -> confused(data, c.found(), name(data, c.truth().category()));
        };
    }

    private static Mark confused(Dataset data, Found found, String truth) {
        return mark(String.format(Locale.ROOT, "%s is no %s %.2f", truth, name(data, found.category()), found.score()), CONFUSED,
                found.box());
    }

    private static String name(Dataset data, int category) {
        return data.categories().get(category).name();
    }

    private static Mark mark(String text, int color, EvalBox b) {
        return new Mark(text, color, (float) b.x(), (float) b.y(), (float) (b.x() + b.width()), (float) (b.y() + b.height()));
    }
}
