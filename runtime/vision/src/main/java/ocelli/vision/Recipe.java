package ocelli.vision;

import ocelli.vision.decode.Head;
import ocelli.vision.nms.NonMaxSuppression;
import ocelli.vision.prepare.ColorOrder;
import ocelli.vision.prepare.Interpolation;
import ocelli.vision.prepare.Normalization;
import ocelli.vision.prepare.Resize;

/**
 * Everything around a network that makes it a detector: how a photo gets in and what the outputs mean. Found by
 * {@link Recipes}, changed with the {@code with…} methods.
 *
 * @param threshold smallest score of a reported box, 0…1
 * @param labels    names for models that always find the same things; may be {@link Labels#NONE}
 */
public record Recipe(Head head, Resize resize, Interpolation interpolation, Normalization normalization, ColorOrder colorOrder,
                     NonMaxSuppression suppression, float threshold, Labels labels) {

    /** @throws IllegalArgumentException when the threshold is not in 0…1 */
    public Recipe {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("threshold " + threshold + ", wanted 0…1");
        }
    }

    public Recipe withThreshold(float value) {
        return new Recipe(head, resize, interpolation, normalization, colorOrder, suppression, value, labels);
    }

    public Recipe withLabels(Labels value) {
        return new Recipe(head, resize, interpolation, normalization, colorOrder, suppression, threshold, value);
    }

    public Recipe withResize(Resize value) {
        return new Recipe(head, value, interpolation, normalization, colorOrder, suppression, threshold, labels);
    }

    public Recipe withInterpolation(Interpolation value) {
        return new Recipe(head, resize, value, normalization, colorOrder, suppression, threshold, labels);
    }

    public Recipe withNormalization(Normalization value) {
        return new Recipe(head, resize, interpolation, value, colorOrder, suppression, threshold, labels);
    }

    public Recipe withColorOrder(ColorOrder value) {
        return new Recipe(head, resize, interpolation, normalization, value, suppression, threshold, labels);
    }

    public Recipe withSuppression(NonMaxSuppression value) {
        return new Recipe(head, resize, interpolation, normalization, colorOrder, value, threshold, labels);
    }
}
