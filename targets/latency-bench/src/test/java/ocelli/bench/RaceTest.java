package ocelli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import ocelli.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Turns and what is made of their times. */
class RaceTest {
    private static final double EXACT = 1e-12;

    /** Notes when a turn begins. */
    private record Counted(String name, List<String> turns) implements Contender {
        @Override
        public void run() {
            if (turns.isEmpty() || !turns.getLast().equals(name)) {
                turns.add(name);
            }
        }

        @Override
        public List<Tensor> outputs() {
            return List.of();
        }

        @Override
        public void close() {
        }
    }

    @Test
    void contendersTakeTurnsInAnOrderThatTurnsAround() {
        List<String> turns = new ArrayList<>();
        List<Contender> contenders = List.of(new Counted("a", turns), new Counted("b", turns), new Counted("c", turns));
        List<Timing> timings = new Race(new RaceSettings(1, 4, 1)).run(contenders);
        // Warm-up a b c, then a b c, c b a, a b c, c b a; two turns of one contender in a row look like one.
        assertEquals(List.of("a", "b", "c", "a", "b", "c", "b", "a", "b", "c", "b", "a"), turns);
        assertEquals(List.of("a", "b", "c"), timings.stream().map(Timing::contender).toList());
        for (Timing t : timings) {
            assertEquals(4, t.repeats().size());
            assertTrue(t.repeats().stream().allMatch(r -> r.length >= RaceSettings.LEAST_RUNS), "runs of a turn");
            assertEquals(t.runs(), t.repeats().stream().mapToInt(r -> r.length).sum());
        }
    }

    @Test
    void quantilesAreOfAllRuns() {
        Timing t = new Timing("x", List.of(new long[] {5, 1, 3}, new long[] {2, 4, 6, 8, 7, 10, 9}), 100);
        assertEquals(10, t.runs());
        assertEquals(6, t.quantile(0.5));
        assertEquals(10, t.quantile(0.9));
        assertEquals(10, t.quantile(0.99));
        assertEquals(3, t.median(0));
        assertEquals(3, t.bestMedian());
        assertEquals(10, t.cpuNanosPerRun(), EXACT);
    }

    @Test
    void ratiosAreTurnByTurnToTheBestOther() {
        Timing ours = new Timing("ours", List.of(new long[] {10}, new long[] {40}, new long[] {12}), 0);
        Timing one = new Timing("one", List.of(new long[] {20}, new long[] {50}, new long[] {60}), 0);
        Timing two = new Timing("two", List.of(new long[] {40}, new long[] {80}, new long[] {16}), 0);
        Comparison c = Comparison.of(ours, List.of(one, two), List.of());
        assertEquals("two", c.other());
        assertEquals(0.75, c.pairwise(), EXACT);
        assertEquals(10.0 / 16, c.best(), EXACT);
        assertEquals(c.pairwise(), c.judged(1), EXACT);
        assertEquals(c.best(), c.judged(2), EXACT);
    }
}
