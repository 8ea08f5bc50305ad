package ocelli.vision.eval;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * COCO's twelve measures, 0…1, or -1 where there is no object to be found.
 *
 * @param ap         average precision over overlaps 0.50…0.95, 100 detections a photo
 * @param ap50       the same at overlap 0.5
 * @param ap75       the same at overlap 0.75
 * @param apSmall    of objects below 32² pixels
 * @param apMedium   between
 * @param apLarge    above 96² pixels
 * @param ar1        average recall with 1 detection a category and photo
 * @param ar10       with 10
 * @param ar100      with 100
 * @param categories in the order of the {@link Dataset}
 */
public record CocoResult(double ap, double ap50, double ap75, double apSmall, double apMedium, double apLarge, double ar1, double ar10,
                         double ar100, double arSmall, double arMedium, double arLarge, List<OfCategory> categories) {
    /**
     * One category's part.
     *
     * @param objects that should be found
     */
    public record OfCategory(String name, int objects, double ap, double ap50) {
    }

    public CocoResult {
        categories = List.copyOf(categories);
    }

    /** The measures by their usual names, in their usual order. */
    public Map<String, Double> byName() {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("AP", ap);
        all.put("AP50", ap50);
        all.put("AP75", ap75);
        all.put("APsmall", apSmall);
        all.put("APmedium", apMedium);
        all.put("APlarge", apLarge);
        all.put("AR1", ar1);
        all.put("AR10", ar10);
        all.put("AR100", ar100);
        all.put("ARsmall", arSmall);
        all.put("ARmedium", arMedium);
        all.put("ARlarge", arLarge);
        return all;
    }
}
