package ocelli.core.model;

import java.util.List;

/**
 * What a model file says about its input image and its labels; empty where it says nothing.
 *
 * @param name   the model's own name, may be empty
 * @param mean   subtracted from each 0…255 colour channel (one or three entries), empty when not given
 * @param std    divisor after the subtraction, same length as {@code mean}
 * @param rgb    true when the file says that the colour order is RGB
 * @param labels class labels in order, empty when not given
 */
public record ModelMetadata(String name, List<Float> mean, List<Float> std, boolean rgb, List<String> labels) {
    /** Metadata of a file that carries none. */
    public static final ModelMetadata EMPTY = new ModelMetadata("", List.of(), List.of(), false, List.of());

    public ModelMetadata {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        labels = List.copyOf(labels);
        if (mean.size() != std.size()) {
            throw new IllegalArgumentException("metadata has " + mean.size() + " means and " + std.size() + " standard deviations");
        }
    }
}
