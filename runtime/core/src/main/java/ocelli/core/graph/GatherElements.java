package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Takes elements along {@code axis}: output[i][j][k] = data[i][index[i][j][k]][k] for axis 1. Inputs: data, and int32 or
 * int64 indices of the output's shape; negative ones count from the end, one outside is clamped.
 */
public record GatherElements(int axis) implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 2, 2);
        Checks.indices(this, in.get(1));
        Checks.rank(this, "indices", in.get(1), in.get(0).shape().rank());
        int a = in.get(0).shape().axis(axis);
        Checks.within(this, in.get(1).shape(), in.get(0).shape(), a);
        return List.of(in.get(1).shape());
    }
}
