package ocelli.vision.eval;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import ocelli.vision.eval.CocoRules.Size;

/** COCO's average precision and recall of boxes, the numbers that its own program prints. */
public final class CocoEvaluator {
    private static final int OVERLAP_50 = 0;
    private static final int OVERLAP_75 = 5;

    private CocoEvaluator() {
    }

    /** What a detector is worth. Detections of equal score keep their order. */
    public static CocoResult evaluate(Dataset data, List<Found> found) {
        Map<Size, List<CocoCurve>> bySize = new EnumMap<>(Size.class);
        Map<Integer, List<CocoCurve>> byMost = new TreeMap<>();
        List<CocoResult.OfCategory> categories = new ArrayList<>();
        List<Map<Integer, List<Truth>>> truths = byCategoryAndPhoto(data, data.truths(), Truth::category, Truth::photo);
        List<Map<Integer, List<Found>>> founds = byCategoryAndPhoto(data, found, Found::category, Found::photo);
        int most = CocoRules.MOST[CocoRules.MOST.length - 1];
        for (int c = 0; c < data.categories().size(); c++) {
            List<PhotoMatches> matches = matches(truths.get(c), founds.get(c));
            for (Size size : Size.values()) {
                bySize.computeIfAbsent(size, s -> new ArrayList<>()).add(new CocoCurve(matches, size, most));
            }
            for (int m : CocoRules.MOST) {
                byMost.computeIfAbsent(m, k -> new ArrayList<>()).add(new CocoCurve(matches, Size.ALL, m));
            }
            CocoCurve all = bySize.get(Size.ALL).get(c);
            categories.add(new CocoResult.OfCategory(data.categories().get(c).name(), all.wanted(),
                    mean(List.of(all), CocoCurve::precision), mean(List.of(all), k -> k.precision(OVERLAP_50))));
        }
        List<CocoCurve> all = bySize.getOrDefault(Size.ALL, List.of());
        return new CocoResult(mean(all, CocoCurve::precision), mean(all, c -> c.precision(OVERLAP_50)),
                mean(all, c -> c.precision(OVERLAP_75)), precision(bySize, Size.SMALL), precision(bySize, Size.MEDIUM), precision(bySize, Size.LARGE),
                recall(byMost, 1), recall(byMost, 10), recall(byMost, 100),
                recall(bySize, Size.SMALL), recall(bySize, Size.MEDIUM), recall(bySize, Size.LARGE), categories);
    }

    private static <K> double precision(Map<K, List<CocoCurve>> curves, K key) {
        return mean(curves.getOrDefault(key, List.of()), CocoCurve::precision);
    }

    private static <K> double recall(Map<K, List<CocoCurve>> curves, K key) {
        return mean(curves.getOrDefault(key, List.of()), CocoCurve::recall);
    }

    private static double mean(Collection<CocoCurve> curves, ToDoubleFunction<CocoCurve> measure) {
        return curves.stream().filter(CocoCurve::counts).mapToDouble(measure).average().orElse(-1);
    }

    private static List<PhotoMatches> matches(Map<Integer, List<Truth>> truths, Map<Integer, List<Found>> found) {
        TreeSet<Integer> photos = new TreeSet<>(truths.keySet());
        photos.addAll(found.keySet());
        return photos.stream().map(p -> new PhotoMatches(truths.getOrDefault(p, List.of()), found.getOrDefault(p, List.of()))).toList();
    }

    /** Index of a photo or category. */
    @FunctionalInterface
    interface Index<T> {
        int of(T thing);
    }

    /** For each category the things by the index of their photo, in the order in which they came. */
    static <T> List<Map<Integer, List<T>>> byCategoryAndPhoto(Dataset data, List<T> things, Index<T> category, Index<T> photo) {
        List<Map<Integer, List<T>>> all = new ArrayList<>();
        data.categories().forEach(c -> all.add(new TreeMap<>()));
        for (T thing : things) {
            all.get(category.of(thing)).computeIfAbsent(photo.of(thing), p -> new ArrayList<>()).add(thing);
        }
        return all;
    }
}
