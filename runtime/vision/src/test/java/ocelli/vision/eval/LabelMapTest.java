package ocelli.vision.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ocelli.vision.Labels;
import org.junit.jupiter.api.Test;

class LabelMapTest {
    /** The ids below 91 that COCO's detection task leaves out. */
    private static final Set<Integer> UNUSED = Set.of(12, 26, 29, 30, 45, 66, 68, 69, 71, 83);

    private static List<Dataset.Category> categories(String... names) {
        List<Dataset.Category> all = new ArrayList<>();
        for (String name : names) {
            all.add(new Dataset.Category(all.size() + 1, name));
        }
        return all;
    }

    private static List<Dataset.Category> coco() {
        List<Dataset.Category> all = new ArrayList<>();
        int id = 0;
        for (String name : Labels.builtIn("coco-80").orElseThrow().names()) {
            do {
                id++;
            } while (UNUSED.contains(id));
            all.add(new Dataset.Category(id, name));
        }
        return all;
    }

    @Test
    void namesWithoutCapitalsSpacesAndSigns() {
        LabelMap map = new LabelMap(categories("traffic light", "Cell-Phone", "cat"), Map.of());
        LabelMap.Fit fit = map.fit(List.of("Traffic_Light", "cellphone", "zebra", "???", "background"), false);
        assertArrayEquals(new int[] {0, 1, -1, -1, -1}, fit.category());
        assertEquals(List.of("zebra"), fit.unknownClasses());
        assertEquals(List.of("cat"), fit.absentCategories());
        assertTrue(fit.has(1));
        assertFalse(fit.has(2));
        assertEquals(-1, fit.of(99));
    }

    @Test
    void everyClassOfVocIsOneOfCoco() {
        LabelMap map = new LabelMap(coco(), Map.of());
        LabelMap.Fit fit = map.fit(Labels.builtIn("voc-20").orElseThrow().names(), false);
        assertEquals(List.of(), fit.unknownClasses());
        assertEquals(20, Arrays.stream(fit.category()).distinct().count());
        assertEquals("airplane", coco().get(fit.of(0)).name());
        assertEquals("tv", coco().get(fit.of(19)).name());
    }

    @Test
    void givenNamesBeatTheOthers() {
        LabelMap map = new LabelMap(categories("person", "cow"), Map.of("Man", "person", "woman", "Person", "cow", ""));
        LabelMap.Fit fit = map.fit(List.of("man", "Woman", "cow"), false);
        assertArrayEquals(new int[] {0, 0, -1}, fit.category());
        assertEquals(List.of(), fit.unknownClasses(), "a class that is given as none is not unknown");
        assertThrows(IllegalArgumentException.class, () -> new LabelMap(categories("cat"), Map.of("man", "person")));
        assertThrows(IllegalArgumentException.class, () -> map.fit(List.of("horse"), false));
    }

    @Test
    void classesWithoutNamesAreCountedAsCocosIds() {
        LabelMap map = new LabelMap(coco(), Map.of());
        assertTrue(map.isCoco());
        assertEquals("person", coco().get(map.fit(List.of(), true).of(1)).name());
        assertEquals("toothbrush", coco().get(map.fit(List.of(), true).of(90)).name());
        assertEquals("toothbrush", coco().get(map.fit(List.of(), false).of(89)).name());
        assertEquals(-1, map.fit(List.of(), true).of(12), "a street sign is none of the 80");
        LabelMap other = new LabelMap(categories("face"), Map.of("class 0", "face"));
        assertFalse(other.isCoco());
        assertEquals(0, other.fit(List.of(), false).of(0));
        assertEquals(-1, other.fit(List.of(), false).of(1));
    }
}
