package ocelli.vision;

import java.util.List;
import ocelli.vision.decode.Head;
import ocelli.vision.nms.NonMaxSuppression;
import ocelli.vision.prepare.ColorOrder;
import ocelli.vision.prepare.ExtraInput;
import ocelli.vision.prepare.Interpolation;
import ocelli.vision.prepare.Layout;
import ocelli.vision.prepare.Normalization;
import ocelli.vision.prepare.Resize;

/**
 * Everything around a network that makes it a detector: how a photo gets in and what the outputs mean. Found by
 * {@link Recipes}, changed with the {@code with…} methods.
 *
 * @param layout    of the image input
 * @param threshold smallest score of a reported box, 0…1
 * @param labels    names for models that always find the same things; may be {@link Labels#NONE}
 * @param extras    what the inputs beside the image get
 */
public record Recipe(Head head, Layout layout, Resize resize, Interpolation interpolation, Normalization normalization,
                     ColorOrder colorOrder, NonMaxSuppression suppression, float threshold, Labels labels, List<ExtraInput> extras) {

    /** @throws IllegalArgumentException when the threshold is not in 0…1 */
    public Recipe {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("threshold " + threshold + ", wanted 0…1");
        }
        extras = List.copyOf(extras);
    }

    public Recipe withLayout(Layout value) {
        return new Recipe(head, value, resize, interpolation, normalization, colorOrder, suppression, threshold, labels, extras);
    }

    public Recipe withThreshold(float value) {
        return new Recipe(head, layout, resize, interpolation, normalization, colorOrder, suppression, value, labels, extras);
    }

    public Recipe withLabels(Labels value) {
        return new Recipe(head, layout, resize, interpolation, normalization, colorOrder, suppression, threshold, value, extras);
    }

    public Recipe withResize(Resize value) {
        return new Recipe(head, layout, value, interpolation, normalization, colorOrder, suppression, threshold, labels, extras);
    }

    public Recipe withInterpolation(Interpolation value) {
        return new Recipe(head, layout, resize, value, normalization, colorOrder, suppression, threshold, labels, extras);
    }

    public Recipe withNormalization(Normalization value) {
        return new Recipe(head, layout, resize, interpolation, value, colorOrder, suppression, threshold, labels, extras);
    }

    public Recipe withColorOrder(ColorOrder value) {
        return new Recipe(head, layout, resize, interpolation, normalization, value, suppression, threshold, labels, extras);
    }

    public Recipe withSuppression(NonMaxSuppression value) {
        return new Recipe(head, layout, resize, interpolation, normalization, colorOrder, value, threshold, labels, extras);
    }

    public Recipe withExtras(List<ExtraInput> value) {
        return new Recipe(head, layout, resize, interpolation, normalization, colorOrder, suppression, threshold, labels, value);
    }
}
