package ocelli.bench;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One contender against the best of several others. A contender whose outputs are not the others' has no ratio: a fast wrong answer
 * is worth nothing.
 *
 * @param ours        its name
 * @param other       the other that was fastest in its best turn
 * @param pairwise    median over the turns of its median divided by the smallest median of the others in that turn
 * @param best        its best turn's median divided by the others' best
 * @param differences of its outputs from each other's
 */
record Comparison(String ours, String other, double pairwise, double best, List<OutputDifference> differences) {

    /** @param others at least one, with as many turns */
    static Comparison of(Timing ours, List<Timing> others, List<OutputDifference> differences) {
        Timing fastest = others.stream().min(Comparator.comparingLong(Timing::bestMedian)).orElseThrow();
        double[] ratios = IntStream.range(0, ours.repeats().size())
                .mapToDouble(i -> (double) ours.median(i) / others.stream().mapToLong(o -> o.median(i)).min().orElseThrow())
                .sorted().toArray();
        int middle = ratios.length / 2;
        double median = ratios.length % 2 == 1 ? ratios[middle] : (ratios[middle - 1] + ratios[middle]) / 2;
        return new Comparison(ours.contender(), fastest.contender(), median,
                (double) ours.bestMedian() / fastest.bestMedian(), differences);
    }

    /** Whether all outputs count as the others'. */
    boolean accepted() {
        return differences.stream().allMatch(OutputDifference::accepted);
    }

    /** The ratio that counts: on several threads, which a busy neighbour halves, that of the best turns. */
    double judged(int threads) {
        return threads == 1 ? pairwise : best;
    }
}
