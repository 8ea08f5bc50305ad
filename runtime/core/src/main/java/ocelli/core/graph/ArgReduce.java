package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Index of the largest or smallest element along an axis, as int64 or int32. NaN is more extreme than any number.
 *
 * @param largest  the largest, else the smallest
 * @param axis     from the front
 * @param last     among equal elements the last, else the first
 */
public record ArgReduce(boolean largest, int axis, boolean keepDims, boolean last) implements Op {
    @Override
    public String name() {
        return largest ? "ArgMax" : "ArgMin";
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        Checks.positive(this, "input", in.get(0));
        return List.of(Reduce.reduced(in.get(0).shape(), List.of(in.get(0).shape().axis(axis)), keepDims));
    }
}
