package ocelli.vision.eval;

import static ocelli.vision.eval.Sets.crowd;
import static ocelli.vision.eval.Sets.found;
import static ocelli.vision.eval.Sets.many;
import static ocelli.vision.eval.Sets.truth;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** Every expected number is worked out by hand from COCO's rules. The numbers of a real file are in the command line's tests. */
class CocoEvaluatorTest {
    private static final double EXACT = 1e-12;
    /** Points of recall up to and including a half. */
    private static final double HALF = 51;
    private static final double POINTS = 101;

    private static CocoResult evaluate(Dataset data, Found... found) {
        return CocoEvaluator.evaluate(data, List.of(found));
    }

    /** Without the last bit that COCO's epsilon takes. */
    private static List<Long> bySize(CocoResult r) {
        return DoubleStream.of(r.apSmall(), r.apMedium(), r.apLarge()).peek(v -> assertEquals(Math.rint(v), v,
                EXACT)).mapToObj(Math::round).toList();
    }

    @Test
    void oneObjectFoundExactly() {
        CocoResult r = evaluate(Sets.of(1, 1, truth(0, 0, 10, 10, 40, 50)), found(0, 0, 0.9, 10, 10, 40, 50));
        assertEquals(1, r.ap(), EXACT);
        assertEquals(1, r.apMedium(), EXACT);
        assertEquals(1, r.ar1(), EXACT);
        assertEquals(-1, r.apSmall(), "no small object");
        assertEquals(-1, r.arLarge(), "no large object");
        assertEquals(List.of(new CocoResult.OfCategory("c0", 1, r.ap(), r.ap50())), r.categories());
    }

    @Test
    void precisionIsTheBestAtAnyLargerRecall() {
        Dataset data = Sets.of(2, 1, truth(0, 0, 0, 0, 50, 50), truth(1, 0, 0, 0, 50, 50));
        CocoResult r = evaluate(data, found(0, 0, 0.9, 0, 0, 50, 50), found(0, 0, 0.8, 200, 0, 50, 50), found(1, 0, 0.7, 0, 0, 50, 50));
        assertEquals((HALF + (POINTS - HALF) * 2 / 3) / POINTS, r.ap(), EXACT);
        assertEquals(1, r.ar100(), EXACT);
        assertEquals(0.5, evaluate(data, found(1, 0, 0.1, 0, 0, 50, 50)).ar100(), EXACT);
        assertEquals(HALF / POINTS, evaluate(data, found(1, 0, 0.1, 0, 0, 50, 50)).ap50(), EXACT);
    }

    @Test
    void overlapDecidesAtEachOfTenSteps() {
        CocoResult r = evaluate(Sets.of(1, 1, truth(0, 0, 0, 0, 100, 10)), found(0, 0, 0.9, 0, 0, 72, 10));
        assertEquals(0.5, r.ap(), EXACT, "0.72 is enough for 0.50, 0.55, 0.60, 0.65 and 0.70");
        assertEquals(1, r.ap50(), EXACT);
        assertEquals(0, r.ap75(), EXACT);
    }

    @Test
    void anObjectIsFoundOnce() {
        Dataset data = Sets.of(2, 1, truth(0, 0, 0, 0, 50, 50), truth(1, 0, 0, 0, 50, 50));
        CocoResult r = evaluate(data, found(0, 0, 0.9, 0, 0, 50, 50), found(0, 0, 0.8, 0, 0, 50, 50), found(1, 0, 0.7, 0, 0, 50, 50));
        assertEquals((HALF + (POINTS - HALF) * 2 / 3) / POINTS, r.ap(), EXACT, "the second box on the first object is a false alarm");
    }

    @Test
    void crowdsTakeAnyNumberOfBoxesAndAskForNone() {
        Dataset crowdOnly = Sets.of(1, 1, crowd(0, 0, 0, 0, 400, 100));
        assertEquals(-1, evaluate(crowdOnly, found(0, 0, 0.9, 10, 10, 20, 20)).ap());
        Dataset data = Sets.of(1, 1, crowd(0, 0, 0, 0, 400, 100), truth(0, 0, 0, 200, 50, 50));
        Found right = found(0, 0, 0.5, 0, 200, 50, 50);
        CocoResult r = evaluate(data, found(0, 0, 0.9, 10, 10, 20, 20), found(0, 0, 0.8, 12, 10, 20, 20), right);
        assertEquals(1, r.ap(), EXACT, "small boxes inside of a crowd have no union to speak of, but lie in it");
        double withFalseAlarm = evaluate(data, found(0, 0, 0.9, 380, 0, 60, 20), right).ap();
        assertEquals(0.5, withFalseAlarm, EXACT, "a third of this box lies in the crowd, which is not enough at any overlap");
    }

    @Test
    void anObjectIsPreferredToACrowdAroundIt() {
        Dataset data = Sets.of(1, 1, crowd(0, 0, 0, 0, 400, 400), truth(0, 0, 100, 100, 50, 40));
        CocoResult r = evaluate(data, found(0, 0, 0.9, 100, 100, 50, 50));
        assertEquals(0.7, r.ap(), EXACT, "overlap 0.8 finds the object in 7 of 10 steps; then the crowd takes the box");
        assertEquals(0.7, r.ar100(), EXACT);
    }

    @Test
    void equalScoresKeepTheirOrder() {
        Dataset data = Sets.of(1, 1, truth(0, 0, 0, 0, 50, 50));
        Found right = found(0, 0, 0.5, 0, 0, 50, 50);
        Found wrong = found(0, 0, 0.5, 300, 0, 50, 50);
        assertEquals(1, evaluate(data, right, wrong).ap(), EXACT);
        assertEquals(0.5, evaluate(data, wrong, right).ap(), EXACT);
        Dataset two = Sets.of(2, 1, truth(0, 0, 0, 0, 50, 50));
        assertEquals(1, evaluate(two, found(1, 0, 0.5, 300, 0, 50, 50), right).ap(), EXACT, "then the photo of the smaller id is first");
    }

    @Test
    void nothingFoundAndNothingToFind() {
        CocoResult none = evaluate(Sets.of(1, 2, truth(0, 0, 0, 0, 50, 50)));
        assertEquals(0, none.ap());
        assertEquals(0, none.ar100());
        assertEquals(-1, none.categories().get(1).ap());
        CocoResult empty = evaluate(Sets.of(1, 1), found(0, 0, 0.9, 0, 0, 10, 10));
        empty.byName().forEach((name, value) -> assertEquals(-1, value, name));
        assertEquals(12, empty.byName().size());
        CocoResult half = evaluate(Sets.of(1, 2, truth(0, 0, 0, 0, 50, 50)), found(0, 0, 0.9, 0, 0, 50, 50), found(0, 1, 0.9, 0, 0, 50,
                50));
        assertEquals(1, half.ap(), EXACT, "a category without objects does not count");
    }

    @Test
    void sizesIncludeBothTheirEnds() {
        CocoResult r = evaluate(Sets.of(1, 1, truth(0, 0, 0, 0, 32, 32)), found(0, 0, 0.9, 0, 0, 32, 32));
        assertEquals(List.of(1L, 1L, -1L), bySize(r));
        CocoResult edge = evaluate(Sets.of(1, 1, truth(0, 0, 0, 0, 96, 96)), found(0, 0, 0.9, 0, 0, 96, 96));
        assertEquals(List.of(-1L, 1L, 1L), bySize(edge));
    }

    @Test
    void falseAlarmsOfAnotherSizeDoNotCount() {
        Dataset data = Sets.of(1, 1, truth(0, 0, 0, 0, 20, 20));
        CocoResult r = evaluate(data, found(0, 0, 0.9, 100, 100, 200, 200), found(0, 0, 0.8, 0, 0, 20, 20));
        assertEquals(1, r.apSmall(), EXACT);
        assertEquals(0.5, r.ap(), EXACT);
    }

    @Test
    void theAreaOfTheOutlineDecidesTheSizeOfAnObject() {
        Truth outlined = new Truth(0, 0, new EvalBox(0, 0, 40, 40), 500, false, false);
        CocoResult r = evaluate(Sets.of(1, 1, outlined), found(0, 0, 0.9, 0, 0, 40, 40));
        assertEquals(List.of(1L, -1L, -1L), bySize(r));
    }

    @Test
    void oneTenAndAHundredBoxesCount() {
        Dataset data = Sets.of(1, 1, truth(0, 0, 0, 0, 50, 50), truth(0, 0, 100, 0, 50, 50));
        CocoResult r = evaluate(data, found(0, 0, 0.9, 0, 0, 50, 50), found(0, 0, 0.8, 100, 0, 50, 50));
        assertEquals(0.5, r.ar1(), EXACT);
        assertEquals(1, r.ar10(), EXACT);
        List<Found> late = new ArrayList<>(many(99, 0.9));
        late.add(found(0, 0, 0.1, 0, 0, 50, 50));
        assertEquals(0.5, CocoEvaluator.evaluate(data, late).ar100(), EXACT);
        assertEquals(0, CocoEvaluator.evaluate(data, late).ar10(), EXACT);
        late.addAll(many(1, 0.5));
        assertEquals(0, CocoEvaluator.evaluate(data, late).ar100(), EXACT, "now it is the 101st");
    }

    @Test
    void nonsenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new EvalBox(0, 0, -1, 5));
        assertThrows(IllegalArgumentException.class, () -> new EvalBox(Double.NaN, 0, 1, 5));
        assertThrows(IllegalArgumentException.class, () -> new EvalBox(0, 0, 1e300, 1e300));
        assertThrows(IllegalArgumentException.class, () -> found(0, 0, Double.NaN, 0, 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> Sets.of(1, 1, truth(1, 0, 0, 0, 1, 1)));
        assertThrows(IllegalArgumentException.class, () -> new Dataset(List.of(new Dataset.Photo(2, "a"), new Dataset.Photo(2, "b")),
                List.of(),
                List.of()));
    }

    @Test
    void partsOfADataset() {
        Dataset data = Sets.of(3, 2, truth(0, 0, 0, 0, 1, 1), truth(2, 1, 0, 0, 2, 2), truth(2, 0, 0, 0, 3, 3));
        Dataset part = data.only(p -> p > 0, c -> c == 1);
        assertEquals(List.of(10L, 20L), part.photos().stream().map(Dataset.Photo::id).toList());
        assertEquals(List.of(truth(1, 0, 0, 0, 2, 2)), part.truths());
    }
}
