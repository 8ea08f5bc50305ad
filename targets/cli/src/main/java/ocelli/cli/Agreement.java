package ocelli.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import ocelli.vision.Detection;

/**
 * How well the detections of a changed network agree with those of the original on the same photos, in two measures. Survival:
 * the share of the original's sure detections that still have one of the same class in nearly the same place. Average precision
 * with the original's sure detections in the place of the truth: 1 means that the same boxes come in the same order.
 */
final class Agreement {
    /** Scores from which on a detection must be found again. */
    static final float SURE = 0.5f;
    /** A detection that is not sure is neither wanted nor wrong down to this share of {@link #SURE}. */
    static final float UNSURE = 0.25f;
    static final double SAME_PLACE = 0.85;
    private static final double SAME_OBJECT = 0.5;

    /** Overlaps that {@link #tightPrecision} is the mean over, as COCO has it: 0.5, 0.55 … 0.95. */
    private static final int OVERLAPS = 10;
    private static final double OVERLAP_STEP = 0.05;

    private final List<List<Ranked>> ranked = Stream.generate(() -> (List<Ranked>) new ArrayList<Ranked>()).limit(OVERLAPS).toList();
    private int wanted;
    private int survived;

    private record Ranked(float score, boolean right) {
    }

    /** Takes the detections of one photo, both from low scores on. */
    void add(Collection<Detection> original, Collection<Detection> changed) {
        List<Detection> sure = original.stream().filter(d -> d.score() >= SURE).toList();
        wanted += sure.size();
        survived += (int) sure.stream().filter(d -> changed.stream()
                .anyMatch(c -> c.classIndex() == d.classIndex() && c.score() >= UNSURE && iou(c, d) >= SAME_PLACE)).count();
        List<Detection> sorted = changed.stream().sorted((a, b) -> Float.compare(b.score(), a.score())).toList();
        for (int i = 0; i < OVERLAPS; i++) {
            add(original, sure, sorted, SAME_OBJECT + OVERLAP_STEP * i, ranked.get(i));
        }
    }

    private static void add(Collection<Detection> original, List<Detection> sure, List<Detection> changed, double overlap,
                            List<Ranked> ranked) {
        List<Detection> left = new ArrayList<>(sure);
        for (Detection c : changed) {
            Detection best = nearest(c, left, overlap);
            if (best != null) {
                left.remove(best);
                ranked.add(new Ranked(c.score(), true));
                continue;
            }
            Detection near = nearest(c, original, SAME_OBJECT);
            if (near == null || near.score() >= SURE) {
                ranked.add(new Ranked(c.score(), false));
            }
        }
    }

    private static Detection nearest(Detection c, Collection<Detection> among, double overlap) {
        Detection best = null;
        for (Detection d : among) {
            if (d.classIndex() == c.classIndex() && iou(c, d) >= overlap && (best == null || iou(c, d) > iou(c, best))) {
                best = d;
            }
        }
        return best;
    }

    static double iou(Detection a, Detection b) {
        double w = Math.min(a.x2(), b.x2()) - Math.max(a.x1(), b.x1());
        double h = Math.min(a.y2(), b.y2()) - Math.max(a.y1(), b.y1());
        double both = Math.max(w, 0) * Math.max(h, 0);
        return both / (area(a) + area(b) - both);
    }

    private static double area(Detection d) {
        return (double) (d.x2() - d.x1()) * (d.y2() - d.y1());
    }

    /** Sure detections of the original. */
    int wanted() {
        return wanted;
    }

    double survival() {
        return wanted == 0 ? 1 : (double) survived / wanted;
    }

    /** All classes together, at overlap 0.5. */
    double averagePrecision() {
        return averagePrecision(ranked.getFirst());
    }

    /** The mean over overlaps from 0.5 to 0.95: boxes that move by a few pixels cost too. */
    double tightPrecision() {
        return ranked.stream().mapToDouble(this::averagePrecision).average().orElseThrow();
    }

    /** Area under the curve of precision over recall; precision never rises with recall. */
    private double averagePrecision(List<Ranked> all) {
        List<Ranked> sorted = all.stream().sorted((a, b) -> Float.compare(b.score(), a.score())).toList();
        double[] precision = new double[sorted.size()];
        int right = 0;
        for (int i = 0; i < precision.length; i++) {
            right += sorted.get(i).right() ? 1 : 0;
            precision[i] = (double) right / (i + 1);
        }
        double area = 0;
        double best = 0;
        for (int i = precision.length - 1; i >= 0; i--) {
            best = Math.max(best, precision[i]);
            area += sorted.get(i).right() ? best : 0;
        }
        return wanted == 0 ? 1 : area / wanted;
    }

    String text() {
        return String.format(Locale.ROOT, "%d of %d detections above %.1f survive (%.1f %%), "
                + "average precision against them %.3f at overlap 0.5, %.3f at 0.5 to 0.95",
                survived, wanted, SURE, 100 * survival(), averagePrecision(), tightPrecision());
    }
}
