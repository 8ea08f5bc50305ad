package ocelli.vision.eval;

import java.util.Comparator;
import java.util.List;
import ocelli.vision.eval.CocoRules.Size;

/** The objects and detections of one category in one photo, matched at every overlap and for every size. */
final class PhotoMatches {
    /** What a detection turned out to be. */
    static final byte WRONG = 0;
    static final byte RIGHT = 1;
    static final byte IGNORED = 2;

    private static final int SIZES = Size.values().length;
    private static final int OVERLAPS = CocoRules.OVERLAPS.length;

    private final List<Truth> truths;
    private final List<Found> found;
    /** [object][detection]: overlap, against crowds the part of the detection that lies in them. */
    private final double[][] overlaps;
    /** [size][overlap][detection] */
    private final byte[][][] outcomes = new byte[SIZES][OVERLAPS][];
    private final int[] wanted = new int[SIZES];

    PhotoMatches(List<Truth> truths, List<Found> all) {
        this.truths = truths;
        int most = CocoRules.MOST[CocoRules.MOST.length - 1];
        found = all.stream().sorted(Comparator.comparingDouble(f -> -f.score())).limit(most).toList();
        overlaps = new double[truths.size()][found.size()];
        for (int t = 0; t < truths.size(); t++) {
            EvalBox box = truths.get(t).box();
            for (int f = 0; f < found.size(); f++) {
                EvalBox other = found.get(f).box();
                overlaps[t][f] = truths.get(t).crowd() ? other.inside(box) : other.iou(box);
            }
        }
        for (Size size : Size.values()) {
            match(size);
        }
    }

    private void match(Size size) {
        boolean[] ignored = new boolean[truths.size()];
        for (int t = 0; t < ignored.length; t++) {
            ignored[t] = truths.get(t).crowd() || !size.has(truths.get(t).area());
            wanted[size.ordinal()] += ignored[t] ? 0 : 1;
        }
        for (int o = 0; o < OVERLAPS; o++) {
            outcomes[size.ordinal()][o] = match(size, ignored, CocoRules.OVERLAPS[o]);
        }
    }

    /** The best detection chooses first. An object that counts is preferred to one that does not, whatever they overlap. */
    private byte[] match(Size size, boolean[] ignored, double least) {
        byte[] outcome = new byte[found.size()];
        boolean[] taken = new boolean[truths.size()];
        for (int f = 0; f < outcome.length; f++) {
            int best = best(f, false, ignored, taken, least);
            if (best < 0) {
                best = best(f, true, ignored, taken, least);
            }
            if (best >= 0) {
                taken[best] = true;
                outcome[f] = ignored[best] ? IGNORED : RIGHT;
            } else {
                outcome[f] = size.has(found.get(f).box().area()) ? WRONG : IGNORED;
            }
        }
        return outcome;
    }

    /** Of the objects that are ignored or not, the one of the largest overlap, the last of equals; -1 when none will do. */
    private int best(int f, boolean wantIgnored, boolean[] ignored, boolean[] taken, double least) {
        double limit = Math.min(least, 1 - 1e-10);
        int best = -1;
        for (int t = 0; t < taken.length; t++) {
            // A crowd takes any number of detections.
            boolean free = !taken[t] || truths.get(t).crowd();
            if (ignored[t] == wantIgnored && free && overlaps[t][f] >= limit) {
                limit = overlaps[t][f];
                best = t;
            }
        }
        return best;
    }

    /** Number of detections that count when at most so many do; they stand by falling score. */
    int detections(int most) {
        return Math.min(most, found.size());
    }

    double score(int detection) {
        return found.get(detection).score();
    }

    /** One of {@link #WRONG}, {@link #RIGHT} and {@link #IGNORED}. */
    byte outcome(Size size, int overlap, int detection) {
        return outcomes[size.ordinal()][overlap][detection];
    }

    /** Number of objects of a size that should be found. */
    int wanted(Size size) {
        return wanted[size.ordinal()];
    }
}
