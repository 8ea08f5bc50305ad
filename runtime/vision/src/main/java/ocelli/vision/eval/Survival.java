package ocelli.vision.eval;

import java.util.Comparator;
import java.util.List;
import ocelli.vision.Detection;

/**
 * How many of one model's detections another model finds as well, on the same photos.
 *
 * @param asked     detections of the first that are sure enough
 * @param survived  of these, the ones that the second finds too
 * @param scoreMove mean distance of the two scores of those, 0 when there are none
 */
public record Survival(int asked, int survived, double scoreMove) {

    /**
     * Compares photo by photo. Every detection of the second stands for one of the first at most; the surest chooses first.
     *
     * @param first   one list a photo
     * @param second  one list for each of the same photos
     * @param score   a detection of the first counts above this score
     * @param least   smallest score of the second's
     * @param overlap intersection over union from which on two boxes of the same class are one
     */
    public static Survival of(List<List<Detection>> first, List<List<Detection>> second, double score, double least, double overlap) {
        if (first.size() != second.size()) {
            throw new IllegalArgumentException("found " + first.size() + " and " + second.size() + " photos, wanted the same");
        }
        int asked = 0;
        int survived = 0;
        double moved = 0;
        for (int p = 0; p < first.size(); p++) {
            List<Detection> sure = first.get(p).stream().filter(d -> d.score() > score)
                    .sorted(Comparator.comparingDouble(d -> -d.score())).toList();
            boolean[] taken = new boolean[second.get(p).size()];
            for (Detection d : sure) {
                int twin = twin(d, second.get(p), taken, least, overlap);
                asked++;
                if (twin >= 0) {
                    taken[twin] = true;
                    survived++;
                    moved += Math.abs(d.score() - second.get(p).get(twin).score());
                }
            }
        }
        return new Survival(asked, survived, survived == 0 ? 0 : moved / survived);
    }

    /** Index of the free detection of the same class that overlaps most, -1 for none. */
    private static int twin(Detection d, List<Detection> others, boolean[] taken, double least, double overlap) {
        EvalBox box = box(d);
        int best = -1;
        double most = overlap;
        for (int i = 0; i < taken.length; i++) {
            Detection o = others.get(i);
            boolean free = !taken[i] && o.score() >= least && o.label().equals(d.label());
            double iou = free ? box.iou(box(o)) : 0;
            if (free && iou >= most) {
                most = iou;
                best = i;
            }
        }
        return best;
    }

    /** The box of a detection. */
    public static EvalBox box(Detection d) {
        return new EvalBox(d.x1(), d.y1(), (double) d.x2() - d.x1(), (double) d.y2() - d.y1());
    }

    /** Part that survived, 0…1; 1 when there was nothing to survive. */
    public double share() {
        return asked == 0 ? 1 : (double) survived / asked;
    }
}
