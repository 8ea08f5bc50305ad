package ocelli.vision.eval;

import static ocelli.vision.eval.Sets.crowd;
import static ocelli.vision.eval.Sets.difficult;
import static ocelli.vision.eval.Sets.found;
import static ocelli.vision.eval.Sets.truth;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ocelli.testkit.SharedData;
import org.junit.jupiter.api.Test;

class VocEvaluatorTest {
    private static final double EXACT = 1e-12;

    private static VocResult evaluate(Dataset data, Found... found) {
        return VocEvaluator.evaluate(data, List.of(found), VocEvaluator.USUAL_OVERLAP);
    }

    @Test
    void bothMeasuresByHand() {
        Dataset data = Sets.of(2, 1, truth(0, 0, 0, 0, 50, 50), truth(1, 0, 0, 0, 50, 50));
        VocResult r = evaluate(data, found(0, 0, 0.9, 0, 0, 50, 50), found(0, 0, 0.8, 200, 0, 50, 50), found(1, 0, 0.7, 0, 0, 50, 50));
        assertEquals(0.5 + 0.5 * 2 / 3, r.area(), EXACT);
        assertEquals((6 + 5 * 2.0 / 3) / 11, r.elevenPoints(), EXACT, "recalls 0 to 0.5 at precision 1, the others at two thirds");
    }

    @Test
    void tenthsOfRecallAreExact() {
        Truth[] ten = new Truth[10];
        Found[] three = new Found[3];
        for (int i = 0; i < ten.length; i++) {
            ten[i] = truth(i, 0, 0, 0, 50, 50);
        }
        for (int i = 0; i < three.length; i++) {
            three[i] = found(i, 0, 0.9, 0, 0, 50, 50);
        }
        assertEquals(4.0 / 11, evaluate(Sets.of(10, 1, ten), three).elevenPoints(), EXACT, "recalls 0, 0.1, 0.2 and 0.3");
    }

    @Test
    void difficultObjectsAndCrowdsDoNotCount() {
        Dataset data = Sets.of(1, 1, truth(0, 0, 0, 0, 50, 50), difficult(0, 0, 100, 0, 50, 50), crowd(0, 0, 200, 0, 50, 50));
        VocResult r = evaluate(data, found(0, 0, 0.9, 100, 0, 50, 50), found(0, 0, 0.8, 200, 0, 50, 50), found(0, 0, 0.7, 0, 0, 50, 50));
        assertEquals(1, r.area(), EXACT);
        assertEquals(1, r.categories().get(0).objects());
        assertEquals(-1, evaluate(Sets.of(1, 1, difficult(0, 0, 0, 0, 5, 5)), found(0, 0, 0.9, 0, 0, 5, 5)).area());
    }

    @Test
    void aBoxBelongsToTheObjectThatItOverlapsMost() {
        Dataset data = Sets.of(1, 1, truth(0, 0, 0, 0, 100, 10), truth(0, 0, 20, 0, 100, 10));
        VocResult r = evaluate(data, found(0, 0, 0.9, 0, 0, 100, 10), found(0, 0, 0.8, 2, 0, 100, 10));
        assertEquals(0.5, r.area(), EXACT, "the second would do for the other object too, but lies better on the first, which is taken");
    }

    @Test
    void theSameObjectTwiceInAFileIsTwoObjects() {
        Dataset data = Sets.of(1, 1, truth(0, 0, 0, 0, 50, 50), truth(0, 0, 0, 0, 50, 50));
        assertEquals(0.5, evaluate(data, found(0, 0, 0.9, 0, 0, 50, 50)).area(), EXACT);
    }

    @Test
    void nothingFound() {
        assertEquals(0, evaluate(Sets.of(1, 1, truth(0, 0, 0, 0, 50, 50))).area(), EXACT);
        assertEquals(-1, evaluate(Sets.of(1, 1)).elevenPoints(), EXACT);
    }

    /** The example of R. Padilla's "Object-Detection-Metrics", whose page works the two numbers out. */
    @Test
    void thePublishedExample() throws IOException {
        Path folder = SharedData.image("map_reference/tests/test_case_1");
        List<Truth> truths = new ArrayList<>();
        List<Found> found = new ArrayList<>();
        for (int p = 1; p <= 7; p++) {
            int photo = p - 1;
            Files.readAllLines(folder.resolve("gts/0000" + p + ".txt")).stream().filter(l -> !l.isBlank()).map(l -> l.strip().split("\\s+"))
                    .forEach(w -> truths.add(new Truth(photo, 0, box(w, 1), 1, false, false)));
            Files.readAllLines(folder.resolve("dets/0000" + p
                    + ".txt")).stream().filter(l -> !l.isBlank()).map(l -> l.strip().split("\\s+"))
                    .forEach(w -> found.add(new Found(photo, 0, box(w, 2), Double.parseDouble(w[1]))));
        }
        VocResult r = VocEvaluator.evaluate(Sets.of(7, 1, truths.toArray(Truth[]::new)), found, 0.3);
        assertEquals(15, r.categories().get(0).objects());
        assertEquals(0.24568668046928915, r.area(), EXACT);
        assertEquals(0.26839826839826839, r.elevenPoints(), EXACT);
    }

    /** The example's sides lead to the last pixel, which is inside. */
    private static EvalBox box(String[] words, int at) {
        return new EvalBox(Double.parseDouble(words[at]), Double.parseDouble(words[at + 1]), Double.parseDouble(words[at + 2]) + 1,
                Double.parseDouble(words[at + 3]) + 1);
    }
}
