package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * (x − mean) / √(variance + epsilon) over a set of axes, given from the front and sorted: the core of instance, layer and
 * group normalisation. Scale and offset follow as a product and a sum.
 */
public record Normalize(List<Integer> axes, float epsilon) implements Op {
    /** @throws IllegalArgumentException when the axes are empty, negative, unsorted or repeated, or epsilon is negative */
    public Normalize {
        axes = List.copyOf(axes);
        Checks.axes("Normalize", axes);
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("Normalize has epsilon " + epsilon + ", wanted at least 0");
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        Checks.positive(this, "input", in.get(0));
        in.get(0).shape().axis(axes.getLast());
        return List.of(in.get(0).shape());
    }
}
