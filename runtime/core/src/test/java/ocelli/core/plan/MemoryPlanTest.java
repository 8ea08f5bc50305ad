package ocelli.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import ocelli.core.plan.MemoryPlan.Buffer;
import ocelli.core.plan.MemoryPlan.Placement;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
    @Test
    void aChainNeedsItsTwoLargestNeighbours() {
        MemoryPlan plan = MemoryPlan.of(List.of(new Buffer("a", 64, 0, 0), new Buffer("b", 640, 0, 1), new Buffer("c", 128, 1, 2),
                new Buffer("d", 64, 2, 3)));
        assertEquals(768, plan.bytes());
        assertEquals(768, plan.lowerBound());
    }

    /** The largest first would put two of the small ones at both ends of a gap that the third needs. */
    @Test
    void severalOrdersAreTried() {
        List<Buffer> buffers = List.of(new Buffer("a", 384, 0, 1), new Buffer("b", 256, 1, 2), new Buffer("c", 320, 2, 3),
                new Buffer("d", 192, 0, 0), new Buffer("e", 192, 3, 4), new Buffer("f", 128, 2, 5), new Buffer("g", 512, 5, 5));
        MemoryPlan plan = MemoryPlan.of(buffers);
        assertEquals(plan.lowerBound(), plan.bytes());
    }

    @Test
    void offsetsAreAligned() {
        MemoryPlan plan = MemoryPlan.of(List.of(new Buffer("a", 1, 0, 1), new Buffer("b", 65, 0, 1), new Buffer("c", 3, 0, 1)));
        plan.placements().forEach(p -> assertEquals(0, p.offset() % MemoryPlan.ALIGNMENT));
        assertEquals(64 + 128 + 64, plan.bytes());
    }

    @Test
    void randomPlansNeverOverlapAndStayNearTheBound() {
        long seed = Long.getLong("ocelli.seed", 42);
        Random random = new Random(seed);
        double worst = 0;
        for (int round = 0; round < 300; round++) {
            List<Buffer> buffers = new ArrayList<>();
            int n = 1 + random.nextInt(60);
            for (int i = 0; i < n; i++) {
                int first = random.nextInt(50);
                buffers.add(new Buffer("b" + i, 1 + random.nextInt(5000), first, Math.min(50, first + random.nextInt(6))));
            }
            MemoryPlan plan = MemoryPlan.of(buffers);
            for (Placement a : plan.placements()) {
                for (Placement b : plan.placements()) {
                    boolean apart = a.offset() + a.buffer().bytes() <= b.offset() || b.offset() + b.buffer().bytes() <= a.offset();
                    boolean never = a.buffer().lastStep() < b.buffer().firstStep() || b.buffer().lastStep() < a.buffer().firstStep();
                    assertTrue(a == b || apart || never, "seed " + seed + ": " + a + " and " + b);
                }
                assertTrue(a.offset() + a.buffer().bytes() <= plan.bytes());
            }
            assertTrue(plan.bytes() >= plan.lowerBound());
            worst = Math.max(worst, (double) plan.bytes() / plan.lowerBound());
        }
        assertTrue(worst < 1.25, "the best of several orders stays near the bound, worst ratio " + worst);
    }
}
