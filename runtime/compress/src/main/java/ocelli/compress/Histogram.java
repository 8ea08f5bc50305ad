package ocelli.compress;

import java.util.Arrays;

/**
 * How often the numbers of a tensor occur, in {@value #BINS} bins over a range that grows with them. Bins are as wide as a
 * power of two and start at a multiple of it, so that a range grows by adding up pairs of bins and no count is ever guessed.
 * Always covers zero. Not for several threads at a time.
 */
final class Histogram {
    static final int BINS = 2048;

    private final long[] counts = new long[BINS];
    /** The same with each number counted as often as its channel is worth. */
    private final double[] worth = new double[BINS];
    private final double[] weights;
    private double width;
    /** The first bin starts at base · width. */
    private int base;
    private long total;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    /** @param weights what an error in each channel costs */
    Histogram(double[] weights) {
        this.weights = weights;
    }

    /** Counts the first {@code n} numbers, which are whole pixels. Returns false and counts nothing when one of them is not finite. */
    boolean add(float[] values, int n) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        float zero = 0;
        for (int i = 0; i < n; i++) {
            low = Math.min(low, values[i]);
            high = Math.max(high, values[i]);
            // 0 · x is 0 unless x is infinite or no number.
            zero += 0 * values[i];
        }
        if (n == 0 || zero != 0) {
            return n == 0;
        }
        min = Math.min(min, low);
        max = Math.max(max, high);
        total += n;
        grow(Math.min(min, 0), Math.max(max, 0));
        if (width == 0) {
            counts[0] += n;
            for (double w : weights) {
                worth[0] += w * n / weights.length;
            }
            return true;
        }
        double perWidth = 1 / width;
        for (int i = 0; i < n; i += weights.length) {
            for (int c = 0; c < weights.length; c++) {
                int bin = Math.min((int) (values[i + c] * perWidth - base), BINS - 1);
                counts[bin]++;
                worth[bin] += weights[c];
            }
        }
        return true;
    }

    private void grow(double low, double high) {
        if (low == high) {
            return;
        }
        if (width == 0) {
            // Until now there were only zeros, all in the first bin.
            width = Math.scalb(1.0, Math.getExponent((high - low) / BINS) + 1);
            move((int) -Math.floor(low / width));
            base = (int) Math.floor(low / width);
        }
        while (Math.floor(low / width) < base || Math.floor(high / width) - base >= BINS) {
            widen(low, high);
        }
    }

    private void widen(double low, double high) {
        double lowest = Math.floor(low / width);
        if (Math.floor(high / width) - lowest < BINS) {
            move(base - (int) lowest);
            base = (int) lowest;
            return;
        }
        width *= 2;
        long[] old = counts.clone();
        double[] oldWorth = worth.clone();
        Arrays.fill(counts, 0);
        Arrays.fill(worth, 0);
        int wider = Math.floorDiv(base, 2);
        for (int i = 0; i < BINS; i++) {
            counts[Math.floorDiv(i + base, 2) - wider] += old[i];
            worth[Math.floorDiv(i + base, 2) - wider] += oldWorth[i];
        }
        base = wider;
    }

    /** Moves all counts up by some bins; those that would leave are empty. */
    private void move(int bins) {
        System.arraycopy(counts.clone(), 0, counts, bins, BINS - bins);
        System.arraycopy(worth.clone(), 0, worth, bins, BINS - bins);
        Arrays.fill(counts, 0, bins, 0);
        Arrays.fill(worth, 0, bins, 0);
    }

    long total() {
        return total;
    }

    boolean isEmpty() {
        return total == 0;
    }

    /** The smallest number seen, exactly. */
    double min() {
        return min;
    }

    double max() {
        return max;
    }

    /** From the smallest to the largest number, and zero. */
    Range range() {
        return total == 0 ? new Range(0, 0) : Range.around(min, max);
    }

    long count(int bin) {
        return counts[bin];
    }

    double worth(int bin) {
        return worth[bin];
    }

    /** The number that stands for a bin: its middle. */
    double center(int bin) {
        return (bin + base + 0.5) * width;
    }

    double width() {
        return width;
    }

    /** Share of the numbers that lie outside of a range, to the resolution of a bin. */
    double outside(Range range) {
        long out = 0;
        for (int i = 0; i < BINS; i++) {
            double c = center(i);
            if (counts[i] != 0 && width != 0 && (c < range.min() || c > range.max())) {
                out += counts[i];
            }
        }
        return total == 0 ? 0 : (double) out / total;
    }
}
