package ocelli.vision.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What a detector takes for what, among detections that a user would see.
 *
 * @param counts   {@code [c][d]}: objects of category c that were found as d; the last column holds objects that were missed,
 *                 the last row detections of nothing. Difficult objects and crowds are left out.
 * @param mistakes photo by photo
 */
public record Confusion(int[][] counts, List<Mistake> mistakes) {

    /**
     * Compares boxes of at least this score with the objects. The best score chooses first, among objects of its own category;
     * what is left over then chooses among all.
     *
     * @param overlap intersection over union from which on a box is on an object
     */
    public static Confusion of(Dataset data, List<Found> found, double score, double overlap) {
        int n = data.categories().size();
        int[][] counts = new int[n + 1][n + 1];
        List<Mistake> mistakes = new ArrayList<>();
        Map<Integer, List<Truth>> truths = new TreeMap<>();
        data.truths().forEach(t -> truths.computeIfAbsent(t.photo(), p -> new ArrayList<>()).add(t));
        Map<Integer, List<Found>> boxes = new TreeMap<>();
        found.stream().filter(f -> f.score() >= score).sorted(Comparator.comparingDouble(f -> -f.score()))
                .forEach(f -> boxes.computeIfAbsent(f.photo(), p -> new ArrayList<>()).add(f));
        for (int p = 0; p < data.photos().size(); p++) {
            photo(truths.getOrDefault(p, List.of()), boxes.getOrDefault(p, List.of()), overlap, counts, mistakes);
        }
        return new Confusion(counts, List.copyOf(mistakes));
    }

    private static void photo(List<Truth> truths, List<Found> found, double overlap, int[][] counts, List<Mistake> mistakes) {
        int nothing = counts.length - 1;
        Map<Truth, Found> matches = new IdentityHashMap<>();
        List<Found> left = new ArrayList<>();
        for (Found f : found) {
            if (!choose(f, truths, overlap, true, matches)) {
                left.add(f);
            }
        }
        left.removeIf(f -> choose(f, truths, overlap, false, matches));
        for (Truth t : truths) {
            Found f = matches.get(t);
            if (t.optional()) {
                continue;
            }
            counts[t.category()][f == null ? nothing : f.category()]++;
            if (f == null) {
                mistakes.add(new Mistake.Missed(t));
            } else if (f.category() != t.category()) {
                mistakes.add(new Mistake.Confused(t, f));
            }
        }
        for (Found f : left) {
            counts[nothing][f.category()]++;
            mistakes.add(new Mistake.FalseAlarm(f));
        }
    }

    /** True when the box lies on an object that is free, or on something that nobody asks for. */
    private static boolean choose(Found f, List<Truth> truths, double overlap, boolean same, Map<Truth, Found> matches) {
        Truth best = null;
        double most = overlap;
        for (Truth t : truths) {
            boolean free = !t.optional() && !matches.containsKey(t) && (t.category() == f.category()) == same;
            double iou = free ? t.box().iou(f.box()) : 0;
            if (free && iou >= most) {
                most = iou;
                best = t;
            }
        }
        if (best != null) {
            matches.put(best, f);
            return true;
        }
        return truths.stream().anyMatch(t -> t.optional() && t.category() == f.category()
                && (t.crowd() ? f.box().inside(t.box()) : f.box().iou(t.box())) >= overlap);
    }

    /** Objects of a category. */
    public int objects(int category) {
        return IntStream.of(counts[category]).sum();
    }

    /** Objects of a category that were found as what they are. */
    public int right(int category) {
        return counts[category][category];
    }

    /** Objects of a category that were not found at all. */
    public int missed(int category) {
        return counts[category][counts.length - 1];
    }

    /** Boxes of a category on nothing. */
    public int falseAlarms(int category) {
        return counts[counts.length - 1][category];
    }

    /**
     * A category that was taken for another.
     *
     * @param times how often
     */
    public record Pair(int truth, int found, int times) {
    }

    /** What was taken for something else, most often first. */
    public List<Pair> pairs() {
        int n = counts.length - 1;
        return IntStream.range(0, n).boxed().flatMap(t -> IntStream.range(0, n).filter(f -> f != t && counts[t][f] > 0)
                .mapToObj(f -> new Pair(t, f, counts[t][f]))).sorted(Comparator.comparingInt(p -> -p.times())).toList();
    }
}
