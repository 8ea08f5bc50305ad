package ocelli.vision.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import ocelli.vision.Detection;
import org.junit.jupiter.api.Test;

class SurvivalTest {
    private static Detection box(String label, float score, float x, float width) {
        return new Detection(label, 0, score, x, 0, x + width, 10);
    }

    private static Survival of(List<Detection> first, List<Detection> second) {
        return Survival.of(List.of(first), List.of(second), 0.5, 0.25, 0.85);
    }

    @Test
    void classOverlapAndScoreDecide() {
        List<Detection> first = List.of(box("cat", 0.9f, 0, 100), box("cat", 0.5f, 500, 100));
        assertEquals(new Survival(1, 1, 0.9f - 0.75f), of(first, List.of(box("cat", 0.75f, 0, 86))));
        assertEquals(new Survival(1, 0, 0), of(first, List.of(box("cat", 0.9f, 0, 84))));
        assertEquals(new Survival(1, 0, 0), of(first, List.of(box("dog", 0.9f, 0, 100))));
        assertEquals(new Survival(1, 0, 0), of(first, List.of(box("cat", 0.24f, 0, 100))));
        assertEquals(0, of(first, List.of()).share());
    }

    @Test
    void oneDetectionStandsForOne() {
        List<Detection> twins = List.of(box("cat", 0.9f, 0, 100), box("cat", 0.8f, 2, 100));
        assertEquals(0.5, of(twins, List.of(box("cat", 0.9f, 1, 100))).share());
        assertEquals(1, of(twins, twins).share());
    }

    @Test
    void photosAreComparedOneByOne() {
        List<Detection> cat = List.of(box("cat", 0.9f, 0, 100));
        assertEquals(new Survival(1, 0, 0), Survival.of(List.of(cat, List.of()), List.of(List.of(), cat), 0.5, 0.25, 0.85));
        assertEquals(1, Survival.of(List.of(List.of()), List.of(cat), 0.5, 0.25, 0.85).share(), "there was nothing to lose");
        assertThrows(IllegalArgumentException.class, () -> Survival.of(List.of(cat), List.of(), 0.5, 0.25, 0.85));
    }
}
