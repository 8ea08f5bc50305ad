package ocelli.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import ocelli.nativekernels.NativeProvider;
import ocelli.nativekernels.PeakLoop;
import ocelli.nativekernels.Tier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class PeakBenchmarkTest {
    @Test
    void countsItsWork() {
        Assumptions.assumeTrue(!NativeProvider.tiers().isEmpty(), "no native kernels here");
        for (boolean int8 : new boolean[] {true, false}) {
            countsItsWork("native", int8);
            for (Tier tier : NativeProvider.tiers()) {
                countsItsWork(tier.label(), int8);
            }
        }
    }

    private static void countsItsWork(String tier, boolean int8) {
        PeakBenchmark benchmark = new PeakBenchmark();
        benchmark.int8 = int8;
        benchmark.tier = tier;
        benchmark.open();
        ConvolutionBenchmark.Work work = new ConvolutionBenchmark.Work();
        benchmark.run(work);
        benchmark.run(work);
        benchmark.close();
        assertTrue(work.macs >= 2 * PeakBenchmark.ROUNDS * 12 * 4, "at least four lanes: " + work.macs);
        assertEquals(0, work.macs % (2 * PeakBenchmark.ROUNDS * 12 * 4));
    }

    @Test
    void aTierOfAnotherMachineIsRefused() {
        Tier missing = Arrays.stream(Tier.values()).filter(t -> !NativeProvider.tiers().contains(t)).findFirst().orElseThrow();
        assertThrows(IllegalArgumentException.class, () -> new PeakLoop(missing, true).close());
    }
}
