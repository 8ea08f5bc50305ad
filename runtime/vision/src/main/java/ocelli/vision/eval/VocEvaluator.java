package ocelli.vision.eval;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Pascal VOC's average precision. A detection belongs to the object that it overlaps most; a second one of the same object
 * is wrong. Boxes are continuous: one of VOC's own files, whose last pixel is inside, ends at that pixel's far edge.
 *
 * @see "M. Everingham et al., The PASCAL Visual Object Classes (VOC) Challenge, IJCV 2010"
 */
public final class VocEvaluator {
    /** The overlap that the challenge asks for. */
    public static final double USUAL_OVERLAP = 0.5;
    private static final int TENTHS = 10;

    private VocEvaluator() {
    }

    /** What a detector is worth at an overlap. Detections of equal score keep their order. */
    public static VocResult evaluate(Dataset data, List<Found> found, double overlap) {
        List<Map<Integer, List<Truth>>> truths = CocoEvaluator.byCategoryAndPhoto(data, data.truths(), Truth::category, Truth::photo);
        List<VocResult.OfCategory> categories = new ArrayList<>();
        for (int c = 0; c < data.categories().size(); c++) {
            int category = c;
            List<Found> own = found.stream().filter(f -> f.category() == category)
                    .sorted(Comparator.comparingDouble(f -> -f.score())).toList();
            categories.add(category(data.categories().get(c).name(), truths.get(c), own, overlap));
        }
        return new VocResult(mean(categories, VocResult.OfCategory::elevenPoints), mean(categories, VocResult.OfCategory::area),
                categories);
    }

    private static double mean(List<VocResult.OfCategory> categories, ToDoubleFunction<VocResult.OfCategory> measure) {
        return categories.stream().filter(c -> c.objects() > 0).mapToDouble(measure).average().orElse(-1);
    }

    private static VocResult.OfCategory category(String name, Map<Integer, List<Truth>> byPhoto, List<Found> ranking, double overlap) {
        int wanted = (int) byPhoto.values().stream().flatMap(List::stream).filter(t -> !t.optional()).count();
        if (wanted == 0) {
            return new VocResult.OfCategory(name, 0, -1, -1);
        }
        // By identity: files may hold the same object twice.
        Set<Truth> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        // Right ones among the first detections, after each that counts.
        List<Integer> right = new ArrayList<>();
        int sum = 0;
        for (Found f : ranking) {
            Truth best = best(f, byPhoto.getOrDefault(f.photo(), List.of()));
            boolean hit = best != null && best.box().iou(f.box()) >= overlap;
            if (hit && best.optional()) {
                continue;
            }
            sum += hit && taken.add(best) ? 1 : 0;
            right.add(sum);
        }
        return new VocResult.OfCategory(name, wanted, elevenPoints(right, wanted), area(right, wanted));
    }

    private static Truth best(Found f, List<Truth> truths) {
        Truth best = null;
        for (Truth t : truths) {
            if (best == null || t.box().iou(f.box()) > best.box().iou(f.box())) {
                best = t;
            }
        }
        return best;
    }

    private static double elevenPoints(List<Integer> right, int wanted) {
        double sum = 0;
        for (int tenth = 0; tenth <= TENTHS; tenth++) {
            double best = 0;
            for (int i = 0; i < right.size(); i++) {
                // In whole numbers: 3 of 10 objects are a recall of three tenths.
                if ((long) right.get(i) * TENTHS >= (long) tenth * wanted) {
                    best = Math.max(best, (double) right.get(i) / (i + 1));
                }
            }
            sum += best;
        }
        return sum / (TENTHS + 1);
    }

    private static double area(List<Integer> right, int wanted) {
        double area = 0;
        double best = 0;
        for (int i = right.size() - 1; i >= 0; i--) {
            best = Math.max(best, (double) right.get(i) / (i + 1));
            int before = i == 0 ? 0 : right.get(i - 1);
            area += best * (right.get(i) - before) / wanted;
        }
        return area;
    }
}
