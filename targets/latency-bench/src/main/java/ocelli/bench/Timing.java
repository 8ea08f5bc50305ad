package ocelli.bench;

import java.util.Arrays;
import java.util.List;

/**
 * What one contender's runs took.
 *
 * @param contender its name
 * @param repeats   nanoseconds of every run, one array a repeat, ascending
 * @param cpuNanos  processor time of the whole process while these ran, all threads
 */
record Timing(String contender, List<long[]> repeats, long cpuNanos) {
    Timing {
        repeats = repeats.stream().map(r -> {
            long[] sorted = r.clone();
            Arrays.sort(sorted);
            return sorted;
        }).toList();
    }

    /** Runs of all repeats. */
    int runs() {
        return repeats.stream().mapToInt(r -> r.length).sum();
    }

    /** The nanoseconds that a share of all runs did not exceed, e.g. 0.5 for the median. */
    long quantile(double share) {
        return quantile(repeats.stream().flatMapToLong(Arrays::stream).sorted().toArray(), share);
    }

    /** The median of one repeat. */
    long median(int repeat) {
        return quantile(repeats.get(repeat), 0.5);
    }

    /** The smallest median of a repeat: what the contender can do when nothing disturbs it. */
    long bestMedian() {
        return repeats.stream().mapToLong(r -> quantile(r, 0.5)).min().orElseThrow();
    }

    double cpuNanosPerRun() {
        return (double) cpuNanos / runs();
    }

    private static long quantile(long[] ascending, double share) {
        return ascending[(int) Math.min(ascending.length - 1, Math.floor(share * ascending.length))];
    }
}
