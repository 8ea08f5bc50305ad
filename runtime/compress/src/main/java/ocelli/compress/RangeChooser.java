package ocelli.compress;

import java.util.function.DoubleUnaryOperator;

/**
 * Chooses the range of a tensor from its histogram. {@code then} is what the network does with each number next, where that is
 * one function (x·logistic(x), say): errors count behind it, and where it is flat numbers may be cut off.
 */
final class RangeChooser {
    /** What happens next to numbers that are used in more than one way. */
    static final DoubleUnaryOperator NOTHING = x -> x;
    /** Mass that {@link RangeMethod#PERCENTILE} cuts off at either end. */
    private static final double TAIL = 0.00005;
    private static final int LEVELS = 256;
    /** Candidate bounds of one end: in even ratios down to this share of the range; entropy alone would cut too much. */
    private static final int CANDIDATES = 60;
    private static final double NARROWEST = 0.02;
    private static final double NARROWEST_ENTROPY = 0.1;

    private final RangeMethod method;

    RangeChooser(RangeMethod method) {
        this.method = method;
    }

    Range choose(Histogram h, DoubleUnaryOperator then) {
        Range all = h.range();
        if (all.isEmpty()) {
            return all;
        }
        Range chosen = switch (method) {
            case MINMAX -> all;
            case PERCENTILE -> percentile(h, all);
            case ENTROPY -> search(h, all, new Entropy(h), NARROWEST_ENTROPY);
            case MSE -> search(h, all, new SquaredError(h, then), NARROWEST);
        };
        return then == NOTHING ? chosen : withoutFlatEnds(chosen, then);
    }

    /** The range without its outermost mass at either end; never less than one bin around zero. */
    private static Range percentile(Histogram h, Range all) {
        double limit = h.total() * TAIL;
        int low = 0;
        long mass = 0;
        while (mass + h.count(low) <= limit) {
            mass += h.count(low++);
        }
        int high = Histogram.BINS - 1;
        mass = 0;
        while (mass + h.count(high) <= limit) {
            mass += h.count(high--);
        }
        double half = h.width() / 2;
        return Range.around(Math.max(all.min(), h.center(low) - half), Math.min(all.max(), h.center(high) + half));
    }

    /** What a candidate costs; smaller is better. */
    private interface Cost {
        double of(Range range);
    }

    /** Both ends in turns, since a bad one hides what the other costs. */
    private static Range search(Histogram h, Range all, Cost cost, double narrowest) {
        Range best = all;
        double least = cost.of(all);
        for (int round = 0; round < 2; round++) {
            for (int end = 0; end < 2; end++) {
                for (int i = 1; i <= CANDIDATES; i++) {
                    double share = Math.pow(narrowest, (double) i / CANDIDATES);
                    Range candidate = end == 0 ? new Range(best.min(), all.max() * share) : new Range(all.min() * share, best.max());
                    if (candidate.equals(best) || candidate.width() < h.width()) {
                        continue;
                    }
                    double c = cost.of(candidate);
                    if (c < least) {
                        least = c;
                        best = candidate;
                    }
                }
            }
        }
        return best;
    }

    /**
     * Mean squared error behind the function: what is cut off counts from the middle of its bin, the rest as spread evenly between
     * the neighbouring levels (a twelfth of the squared distance).
     */
    private static final class SquaredError implements Cost {
        private final Histogram h;
        private final DoubleUnaryOperator then;
        private final double[] exact = new double[Histogram.BINS];

        SquaredError(Histogram h, DoubleUnaryOperator then) {
            this.h = h;
            this.then = then;
            for (int i = 0; i < exact.length; i++) {
                exact[i] = h.count(i) == 0 ? 0 : then.applyAsDouble(h.center(i));
            }
        }

        @Override
        public double of(Range range) {
            double step = range.step();
            long zero = Math.round(-range.min() / step);
            double[] level = new double[LEVELS];
            for (int q = 0; q < LEVELS; q++) {
                level[q] = then.applyAsDouble((q - zero) * step);
            }
            double sum = 0;
            for (int i = 0; i < exact.length; i++) {
                double worth = h.worth(i);
                if (worth != 0) {
                    double q = Math.rint(h.center(i) / step) + zero;
                    sum += worth * (q < 0 ? square(exact[i] - level[0]) : q >= LEVELS ? square(exact[i] - level[LEVELS - 1])
                            : square(level[(int) Math.min(q + 1, LEVELS - 1)] - level[(int) Math.max(q - 1, 0)]) / 4 / 12);
                }
            }
            return sum;
        }
    }

    private static double square(double x) {
        return x * x;
    }

    /** Relative entropy of the histogram against itself seen through 256 levels; what lies outside counts to the outermost bins. */
    private static final class Entropy implements Cost {
        private static final double LEAST = 1e-9;
        private final Histogram h;

        Entropy(Histogram h) {
            this.h = h;
        }

        @Override
        public double of(Range range) {
            double step = range.step();
            long zero = Math.round(-range.min() / step);
            double[] mass = new double[LEVELS];
            int[] bins = new int[LEVELS];
            long below = 0;
            long above = 0;
            int first = -1;
            int last = -1;
            for (int i = 0; i < Histogram.BINS; i++) {
                double q = Math.rint(h.center(i) / step) + zero;
                long n = h.count(i);
                if (q < 0) {
                    below += n;
                } else if (q >= LEVELS) {
                    above += n;
                } else if (n != 0) {
                    mass[(int) q] += n;
                    bins[(int) q]++;
                    first = first < 0 ? i : first;
                    last = i;
                }
            }
            if (first < 0) {
                return Double.POSITIVE_INFINITY;
            }
            double inside = h.total() - below - above;
            double sum = 0;
            for (int i = first; i <= last; i++) {
                long n = h.count(i);
                if (n != 0) {
                    int q = (int) (Math.rint(h.center(i) / step) + zero);
                    double p = (n + (i == first ? below : 0) + (i == last ? above : 0)) / (double) h.total();
                    sum += p * Math.log(p / Math.max(mass[q] / bins[q] / inside, LEAST));
                }
            }
            return sum;
        }
    }

    /** Moves each end inwards as long as the function stays within half a level of its own result. */
    private static Range withoutFlatEnds(Range range, DoubleUnaryOperator then) {
        int parts = 512;
        double[] y = new double[parts + 1];
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i <= parts; i++) {
            y[i] = then.applyAsDouble(range.min() + range.width() * i / parts);
            least = Math.min(least, y[i]);
            most = Math.max(most, y[i]);
        }
        double tolerance = (most - least) / (LEVELS - 1) / 2;
        int low = flat(y, 0, 1, tolerance);
        int high = flat(y, parts, -1, tolerance);
        Range cut = Range.around(range.min() + range.width() * low / parts, range.min() + range.width() * high / parts);
        return cut.isEmpty() || !Double.isFinite(cut.width()) ? range : cut;
    }

    /** How far the end may move: everything passed stays within the tolerance of where it stops. */
    private static int flat(double[] y, int from, int direction, double tolerance) {
        int at = from;
        double low = y[from];
        double high = y[from];
        while (at + direction >= 0 && at + direction < y.length) {
            double next = y[at + direction];
            low = Math.min(low, next);
            high = Math.max(high, next);
            if (high - next > tolerance || next - low > tolerance) {
                break;
            }
            at += direction;
        }
        return at;
    }
}
