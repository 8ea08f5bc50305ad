package ocelli.compress;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Searches for the fewest layers that have to stay float, the most harmful ones first: doubles their number until the limit is
 * met, then halves the gap. Half of the limit is taken where that is cheap. A limit that even all of them do not meet ends with
 * the best that was seen.
 *
 * @param count   layers that stay float
 * @param verdict with so many
 */
record MixedPrecision(int count, Judge.Verdict verdict) {
    /** A margin may cost one of so many layers more. */
    private static final int MARGIN_LAYERS = 20;

    /**
     * @param most    layers that there are, at least 1
     * @param maxDrop the limit
     * @param judge   the verdict with this many layers in float
     */
    static MixedPrecision search(int most, double maxDrop, IntFunction<Judge.Verdict> judge) {
        Map<Integer, Judge.Verdict> tried = new LinkedHashMap<>();
        int bad = 0;
        int good = Integer.MAX_VALUE;
        for (int count = 1; bad + 1 < good; count = good == Integer.MAX_VALUE ? Math.min(2 * count, most) : (bad + good) / 2) {
            Judge.Verdict verdict = judge.apply(count);
            tried.put(count, verdict);
            if (verdict.drop() <= maxDrop) {
                good = count;
            } else if (count == most) {
                break;
            } else {
                bad = count;
            }
        }
        if (good != Integer.MAX_VALUE) {
            return new MixedPrecision(good, tried.get(good)).withMargin(most, maxDrop, count -> tried.computeIfAbsent(count, judge::apply));
        }
        return tried.entrySet().stream().map(e -> new MixedPrecision(e.getKey(), e.getValue()))
                .min((a, b) -> Double.compare(a.verdict.drop(), b.verdict.drop())).orElseThrow();
    }

    /**
     * Half of the limit, where a few more layers suffice for that: what is judged are the photos that the ranges were measured on,
     * and others lose more.
     */
    private MixedPrecision withMargin(int most, double maxDrop, IntFunction<Judge.Verdict> verdicts) {
        int more = Math.min(most, count + most / MARGIN_LAYERS);
        if (verdict.drop() <= maxDrop / 2 || more == count) {
            return this;
        }
        MixedPrecision safer = new MixedPrecision(more, verdicts.apply(more));
        return safer.verdict.drop() <= maxDrop / 2 ? safer : this;
    }
}
