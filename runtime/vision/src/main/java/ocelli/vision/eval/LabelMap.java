package ocelli.vision.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ocelli.vision.Labels;

/**
 * Which category of a dataset a class of a model is. Names are compared without capitals, spaces and signs, and the words
 * that COCO and Pascal VOC have for the same thing are one.
 */
public final class LabelMap {
    /** Pascal VOC's and Open Images' words, and COCO's for the same. */
    private static final Map<String, String> SYNONYMS = Map.of("aeroplane", "airplane", "motorbike", "motorcycle", "sofa", "couch",
            "tvmonitor",
            "tv", "television", "tv", "houseplant", "pottedplant", "mobilephone", "cellphone", "doughnut", "donut");
    private static final Set<String> NOTHING = Set.of("", "background", "none", "na");
    private static final int COCO_CATEGORIES = 80;
    private static final long COCO_LAST_ID = 90;

    private final Map<String, Integer> byName = new HashMap<>();
    private final Map<String, String> given;
    private final List<Dataset.Category> categories;

    /**
     * @param given names of classes and the categories that they are, for those that do not follow from their names; one that is
     *              empty is none
     * @throws IllegalArgumentException when a category of these is not in the dataset
     */
    public LabelMap(List<Dataset.Category> categories, Map<String, String> given) {
        this.categories = List.copyOf(categories);
        for (int c = 0; c < categories.size(); c++) {
            byName.putIfAbsent(key(categories.get(c).name()), c);
        }
        this.given = new LinkedHashMap<>();
        given.forEach((name, category) -> {
            if (!category.isEmpty() && !byName.containsKey(key(category))) {
                throw new IllegalArgumentException("found '" + name + " = " + category + "', but the dataset has no category '" + category
                        + "'");
            }
            this.given.put(key(name), category);
        });
    }

    /** What two names for the same thing have in common. */
    static String key(String name) {
        String bare = name.toLowerCase(Locale.ROOT).codePoints().filter(Character::isLetterOrDigit)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        return SYNONYMS.getOrDefault(bare, bare);
    }

    /** Whether the categories are those of COCO, with ids from 1 to 90. */
    public boolean isCoco() {
        Set<String> coco = Labels.builtIn("coco-80").orElseThrow().names().stream().map(LabelMap::key).collect(Collectors.toSet());
        return categories.size() == COCO_CATEGORIES && categories.get(COCO_CATEGORIES - 1).id() == COCO_LAST_ID
                && byName.keySet().equals(coco);
    }

    /** Index of the category of this name, -1 for none. */
    public int index(String name) {
        String key = key(name);
        String other = given.getOrDefault(key, key);
        return byName.getOrDefault(key(other), -1);
    }

    /** Index of the category that a class without a name is when classes are counted as COCO's ids are, -1 for none. */
    public int byCocoId(int classIndex, boolean background) {
        long id = classIndex + (background ? 0L : 1L);
        return isCoco() ? IntStream.range(0, categories.size()).filter(c -> categories.get(c).id() == id).findFirst().orElse(-1) : -1;
    }

    /**
     * How a model's classes and the categories fit together.
     *
     * @param category         for each class its category, -1 for none
     * @param unknownClasses   names that the dataset does not have
     * @param absentCategories names that the model does not have
     */
    public record Fit(int[] category, List<String> unknownClasses, List<String> absentCategories) {
        /** Whether a category is one of the model's. */
        public boolean has(int index) {
            return Arrays.stream(category).anyMatch(c -> c == index);
        }

        /** Index of the category of a class, -1 for none. */
        public int of(int classIndex) {
            return classIndex >= 0 && classIndex < category.length ? category[classIndex] : -1;
        }
    }

    /**
     * Fits a model's classes.
     *
     * @param classes names in the order of the model; none when it has no names, then classes are counted as COCO's ids are
     * @throws IllegalArgumentException when a given name is none of the model's
     */
    public Fit fit(List<String> classes, boolean background) {
        Set<String> known = classes.stream().map(LabelMap::key).collect(Collectors.toSet());
        if (!classes.isEmpty()) {
            given.keySet().stream().filter(k -> !known.contains(k)).findFirst().ifPresent(k -> {
                throw new IllegalArgumentException("found the class '" + k + "', but the model has none of that name");
            });
        }
        int[] to = classes.isEmpty() ? IntStream.rangeClosed(0, (int) COCO_LAST_ID).map(i -> unnamed(i, background)).toArray()
                : classes.stream().mapToInt(this::index).toArray();
        List<String> unknown = new ArrayList<>();
        for (int i = 0; i < classes.size(); i++) {
            String key = key(classes.get(i));
            if (to[i] < 0 && !NOTHING.contains(key) && !given.containsKey(key)) {
                unknown.add(classes.get(i));
            }
        }
        Set<Integer> found = Arrays.stream(to).boxed().collect(Collectors.toSet());
        return new Fit(to, List.copyOf(unknown), IntStream.range(0, categories.size()).filter(c -> !found.contains(c))
                .mapToObj(c -> categories.get(c).name()).toList());
    }

    private int unnamed(int index, boolean background) {
        String name = Labels.NONE.name(index);
        return given.containsKey(key(name)) ? index(name) : byCocoId(index, background);
    }
}
