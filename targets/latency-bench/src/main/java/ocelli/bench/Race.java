package ocelli.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Contenders in turns in one process, so that what else the machine does falls on all alike. The order is turned around after each
 * round: nobody always runs on caches that the same other one left behind.
 */
final class Race {
    /** Warm-up goes on while a further stretch is faster than the one before by more than this. */
    private static final double STILL_WARMING = 0.97;
    /** Stretches of warm-up at most. Vector API kernels take some eight of 300 ms until the compiler has done with them. */
    private static final int MOST_STRETCHES = 20;

    private final RaceSettings settings;
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private long[] buffer = new long[1 << 16];

    Race(RaceSettings settings) {
        this.settings = settings;
    }

    /** Runs all turns. The contenders' outputs are then those of their last run. */
    List<Timing> run(List<Contender> contenders) {
        contenders.forEach(this::warmUp);
        List<List<long[]>> repeats = contenders.stream().map(c -> (List<long[]>) new ArrayList<long[]>()).toList();
        long[] cpu = new long[contenders.size()];
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            order.add(i);
        }
        for (int round = 0; round < settings.repeats(); round++) {
            for (int i : order) {
                long before = system.getProcessCpuTime();
                repeats.get(i).add(turn(contenders.get(i)));
                cpu[i] += system.getProcessCpuTime() - before;
            }
            Collections.reverse(order);
        }
        List<Timing> timings = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            timings.add(new Timing(contenders.get(i).name(), repeats.get(i), cpu[i]));
        }
        return timings;
    }

    private void warmUp(Contender contender) {
        double before = Double.POSITIVE_INFINITY;
        for (int stretch = 0; stretch < MOST_STRETCHES; stretch++) {
            long[] times = runs(contender, settings.warmUpMillis(), 1);
            Arrays.sort(times);
            double median = times[times.length / 2];
            if (stretch > 0 && median > STILL_WARMING * before) {
                return;
            }
            before = median;
        }
    }

    private long[] turn(Contender contender) {
        return runs(contender, settings.turnMillis(), RaceSettings.LEAST_RUNS);
    }

    private long[] runs(Contender contender, int millis, int least) {
        int n = 0;
        long begin = System.nanoTime();
        long end = begin;
        while (n < least || end - begin < millis * 1_000_000L) {
            if (n == buffer.length) {
                buffer = Arrays.copyOf(buffer, 2 * n);
            }
            long start = System.nanoTime();
            contender.run();
            end = System.nanoTime();
            buffer[n++] = end - start;
        }
        return Arrays.copyOf(buffer, n);
    }
}
