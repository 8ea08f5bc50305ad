package ocelli.vision.eval;

import static ocelli.vision.eval.Sets.crowd;
import static ocelli.vision.eval.Sets.difficult;
import static ocelli.vision.eval.Sets.found;
import static ocelli.vision.eval.Sets.truth;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionTest {
    private static Confusion of(Dataset data, Found... found) {
        return Confusion.of(data, List.of(found), 0.5, 0.5);
    }

    @Test
    void everyKindOfMistake() {
        Truth seen = truth(0, 0, 0, 0, 50, 50);
        Truth taken = truth(0, 0, 100, 0, 50, 50);
        Truth missed = truth(1, 1, 0, 0, 50, 50);
        Found wrong = found(0, 1, 0.9, 100, 0, 50, 50);
        Found nothing = found(1, 0, 0.6, 200, 0, 50, 50);
        Confusion c = of(Sets.of(2, 2, seen, taken, missed), found(0, 0, 0.8, 0, 0, 50, 50), wrong, nothing, found(1, 1, 0.4, 0, 0, 50,
                50));
        assertArrayEquals(new int[][] {{1, 1, 0}, {0, 0, 1}, {1, 0, 0}}, c.counts());
        assertEquals(List.of(new Mistake.Confused(taken, wrong), new Mistake.Missed(missed), new Mistake.FalseAlarm(nothing)),
                c.mistakes());
        assertEquals(List.of(0, 1, 1), c.mistakes().stream().map(Mistake::photo).toList());
        assertEquals(List.of(new Confusion.Pair(0, 1, 1)), c.pairs());
        assertEquals(List.of(2, 1, 0, 1), List.of(c.objects(0), c.right(0), c.missed(0), c.falseAlarms(0)));
    }

    @Test
    void theOwnCategoryComesFirst() {
        Dataset data = Sets.of(1, 2, truth(0, 0, 0, 0, 50, 50), truth(0, 1, 0, 0, 50, 48));
        Confusion c = of(data, found(0, 1, 0.9, 0, 0, 50, 50), found(0, 0, 0.8, 0, 0, 50, 50));
        assertArrayEquals(new int[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 0}}, c.counts());
    }

    @Test
    void difficultObjectsAndCrowdsAreNeitherMissedNorFalse() {
        Dataset data = Sets.of(1, 1, difficult(0, 0, 0, 0, 50, 50), crowd(0, 0, 100, 0, 400, 400));
        assertEquals(List.of(), of(data).mistakes());
        assertEquals(List.of(), of(data, found(0, 0, 0.9, 0, 0, 50, 50), found(0, 0, 0.9, 120, 10, 20, 20)).mistakes());
        assertEquals(1, of(data, found(0, 0, 0.9, 0, 200, 50, 50)).mistakes().size());
    }

    @Test
    void aSecondBoxOnAnObjectIsAFalseAlarm() {
        Confusion c = of(Sets.of(1, 1, truth(0, 0, 0, 0, 50, 50)), found(0, 0, 0.9, 0, 0, 50, 50), found(0, 0, 0.8, 1, 0, 50, 50));
        assertArrayEquals(new int[][] {{1, 0}, {1, 0}}, c.counts());
    }
}
