package ocelli.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MixedPrecisionTest {
    @Test
    void findsTheFewestLayers() {
        for (int most : List.of(1, 2, 7, 64, 113)) {
            for (int needed = 1; needed <= most; needed++) {
                int enough = needed;
                List<Integer> asked = new ArrayList<>();
                MixedPrecision found = MixedPrecision.search(most, 0.1, count -> {
                    asked.add(count);
                    return new Judge.Verdict(count >= enough ? 0.05 : 0.5, "");
                });
                assertEquals(needed, found.count(), "of " + most);
                assertTrue(asked.size() <= 14, "asked " + asked);
                assertEquals(asked.size(), asked.stream().distinct().count(), "asked twice: " + asked);
            }
        }
    }

    /** A twentieth of the layers more for half the drop; no more than that, and only when it comes to half. */
    @Test
    void keepsAMarginWhereItIsCheap() {
        assertEquals(13, MixedPrecision.search(100, 0.1, count -> new Judge.Verdict(count < 8 ? 0.5 : count < 13 ? 0.09 : 0.04, "")).count());
        assertEquals(8, MixedPrecision.search(100, 0.1, count -> new Judge.Verdict(count < 8 ? 0.5 : count < 14 ? 0.09 : 0.04, "")).count());
        assertEquals(8, MixedPrecision.search(100, 0.1, count -> new Judge.Verdict(count < 8 ? 0.5 : count < 13 ? 0.09 : 0.06, "")).count());
        assertEquals(6, MixedPrecision.search(7, 0.1, count -> new Judge.Verdict(count < 6 ? 0.5 : count < 7 ? 0.09 : 0.04, "")).count());
    }

    @Test
    void takesTheBestWhenNoneIsEnough() {
        MixedPrecision found = MixedPrecision.search(10, 0.1, count -> new Judge.Verdict(count == 4 ? 0.2 : 0.3, "with " + count));
        assertEquals(4, found.count());
        assertEquals("with 4", found.verdict().text());
    }
}
