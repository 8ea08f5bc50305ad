package ocelli.core.model;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * What a caller knows about a model's inputs and its file does not say.
 *
 * @param shapes    shapes of inputs, by name, as the file orders the dimensions; those that the file fixes must be the same
 * @param constants inputs, by name, that get this value once and for all when the model is read
 */
public record ReadOptions(Map<String, Shape> shapes, Map<String, Tensor> constants) {
    /** Nothing is known. */
    public static final ReadOptions NONE = new ReadOptions(Map.of(), Map.of());

    public ReadOptions {
        shapes = Map.copyOf(shapes);
        constants = Map.copyOf(constants);
    }

    /**
     * For readers.
     *
     * @param inputs names of the model's inputs
     * @throws IllegalArgumentException when an option names none of them
     */
    public void checkNames(List<String> inputs) {
        TreeSet<String> unknown = new TreeSet<>(shapes.keySet());
        unknown.addAll(constants.keySet());
        inputs.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("no input is named " + String.join(", ", unknown) + ", the model has " + inputs);
        }
    }
}
