package ocelli.vision.eval;

import java.util.List;

/**
 * Pascal VOC's mean average precision, 0…1, or -1 where there is no object to be found.
 *
 * @param elevenPoints as until 2009: precision at recalls 0, 0.1 … 1
 * @param area         as from 2010 on: the area below the curve
 * @param categories   in the order of the {@link Dataset}
 */
public record VocResult(double elevenPoints, double area, List<OfCategory> categories) {
    /**
     * One category's part.
     *
     * @param objects that should be found: neither difficult ones nor crowds
     */
    public record OfCategory(String name, int objects, double elevenPoints, double area) {
    }

    public VocResult {
        categories = List.copyOf(categories);
    }
}
