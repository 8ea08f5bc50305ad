package ocelli.vision.eval;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import ocelli.vision.eval.CocoRules.Size;

/** Precision and recall of one category for one size and number of detections, at every overlap. */
final class CocoCurve {
    /** Keeps 0 / 0 away, as COCO's program does. */
    private static final double EPSILON = Math.ulp(1.0);

    private final int wanted;
    /** [overlap][recall] */
    private final double[][] precisions = new double[CocoRules.OVERLAPS.length][CocoRules.RECALLS.length];
    /** [overlap] */
    private final double[] recalls = new double[CocoRules.OVERLAPS.length];

    /** @param photos in the order of their ids */
    CocoCurve(List<PhotoMatches> photos, Size size, int most) {
        wanted = photos.stream().mapToInt(p -> p.wanted(size)).sum();
        if (wanted == 0) {
            return;
        }
        record Place(PhotoMatches photo, int detection) {
        }
        List<Place> ranking = photos.stream()
                .flatMap(p -> IntStream.range(0, p.detections(most)).mapToObj(d -> new Place(p, d)))
                .sorted(Comparator.comparingDouble(p -> -p.photo.score(p.detection))).toList();
        for (int o = 0; o < recalls.length; o++) {
            int overlap = o;
            byte[] outcomes = new byte[ranking.size()];
            for (int i = 0; i < outcomes.length; i++) {
                Place p = ranking.get(i);
                outcomes[i] = p.photo.outcome(size, overlap, p.detection);
            }
            fill(outcomes, o);
        }
    }

    private void fill(byte[] outcomes, int overlap) {
        int n = outcomes.length;
        double[] recall = new double[n];
        double[] precision = new double[n];
        int right = 0;
        int wrong = 0;
        for (int i = 0; i < n; i++) {
            right += outcomes[i] == PhotoMatches.RIGHT ? 1 : 0;
            wrong += outcomes[i] == PhotoMatches.WRONG ? 1 : 0;
            recall[i] = (double) right / wanted;
            precision[i] = right / (wrong + right + EPSILON);
        }
        recalls[overlap] = n == 0 ? 0 : recall[n - 1];
        for (int i = n - 2; i >= 0; i--) {
            precision[i] = Math.max(precision[i], precision[i + 1]);
        }
        int at = 0;
        for (int r = 0; r < CocoRules.RECALLS.length; r++) {
            while (at < n && recall[at] < CocoRules.RECALLS[r]) {
                at++;
            }
            precisions[overlap][r] = at < n ? precision[at] : 0;
        }
    }

    /** Whether there is an object to be found; without one the category does not count. */
    boolean counts() {
        return wanted > 0;
    }

    int wanted() {
        return wanted;
    }

    /** Mean precision over all recalls at one overlap. */
    double precision(int overlap) {
        return Arrays.stream(precisions[overlap]).average().orElseThrow();
    }

    /** Mean precision over all recalls and overlaps. */
    double precision() {
        return Arrays.stream(precisions).flatMapToDouble(Arrays::stream).average().orElseThrow();
    }

    /** Mean over the overlaps of the recall that all detections together reach. */
    double recall() {
        return Arrays.stream(recalls).average().orElseThrow();
    }
}
