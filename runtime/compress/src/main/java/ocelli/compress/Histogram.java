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
    private double width;
    /** The first bin starts at base · width. */
    private int base;
    private long total;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    /** Counts the first {@code n} numbers. Returns false and counts nothing when one of them is not finite. */
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
            return true;
        }
        double perWidth = 1 / width;
        for (int i = 0; i < n; i++) {
            counts[Math.min((int) (values[i] * perWidth - base), BINS - 1)]++;
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
            base = (int) Math.floor(low / width);
            long zeros = counts[0];
            counts[0] = 0;
            counts[-base] = zeros;
        }
        while (Math.floor(low / width) < base || Math.floor(high / width) - base >= BINS) {
            widen(low, high);
        }
    }

    private void widen(double low, double high) {
        double lowest = Math.floor(low / width);
        boolean shiftIsEnough = Math.floor(high / width) - lowest < BINS;
        long[] old = counts.clone();
        Arrays.fill(counts, 0);
        int from = base;
        if (shiftIsEnough) {
            base = (int) lowest;
            for (int i = 0; i < BINS; i++) {
                if (old[i] != 0) {
                    counts[i + from - base] += old[i];
                }
            }
            return;
        }
        width *= 2;
        base = Math.floorDiv(from, 2);
        for (int i = 0; i < BINS; i++) {
            if (old[i] != 0) {
                counts[Math.floorDiv(i + from, 2) - base] += old[i];
            }
        }
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
