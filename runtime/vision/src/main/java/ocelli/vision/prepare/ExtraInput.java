package ocelli.vision.prepare;

import java.util.List;

/**
 * An input beside the image that always gets the same numbers, e.g. the size that a model multiplies its boxes by.
 *
 * @param name   of the model's input
 * @param values as many as the input has elements
 */
public record ExtraInput(String name, List<Float> values) {
    public ExtraInput {
        values = List.copyOf(values);
    }
}
