package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Running sum along an axis.
 *
 * @param exclusive element i is the sum of the elements before i
 * @param reverse   from the end
 */
public record CumulativeSum(int axis, boolean exclusive, boolean reverse) implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        in.get(0).shape().axis(axis);
        return List.of(in.get(0).shape());
    }
}
