package ocelli.core.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * What a caller knows about a model's inputs and its file does not say.
 *
 * @param shapes    shapes of inputs, by name, as the file orders the dimensions; those that the file fixes must be the same. The
 *                  empty name stands for a model's only input
 * @param constants inputs, by name, that get this value once and for all when the model is read; the graph refers to the memory
 */
public record ReadOptions(Map<String, Shape> shapes, Map<String, Tensor> constants) {
    /** Nothing is known. */
    public static final ReadOptions NONE = new ReadOptions(Map.of(), Map.of());

    public ReadOptions {
        shapes = Map.copyOf(shapes);
        constants = Map.copyOf(constants);
    }

    /**
     * For readers: these options with every input named.
     *
     * @param inputs names of the model's inputs
     * @throws IllegalArgumentException when an option names none of them, or two options are for the same
     */
    public ReadOptions of(List<String> inputs) {
        Map<String, Shape> named = new HashMap<>(shapes);
        if (named.containsKey("") && !inputs.contains("")) {
            if (inputs.size() != 1) {
                throw new IllegalArgumentException("a shape has no name, wanted one of " + inputs);
            }
            if (named.putIfAbsent(inputs.getFirst(), named.remove("")) != null) {
                throw new IllegalArgumentException("input " + inputs.getFirst() + " has two shapes, wanted one");
            }
        }
        TreeSet<String> unknown = new TreeSet<>(named.keySet());
        unknown.addAll(constants.keySet());
        inputs.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("no input is named " + String.join(", ", unknown) + ", wanted one of " + inputs);
        }
        return new ReadOptions(named, constants);
    }
}
