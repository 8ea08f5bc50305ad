package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Takes slices along {@code axis} by an int32 or int64 tensor of indices; negative ones count from the end. Inputs: data,
 * indices. The output's shape is the data's with the axis replaced by the indices' shape. An index outside is clamped.
 */
public record Gather(int axis) implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 2, 2);
        Checks.indices(this, in.get(1));
        Shape x = in.get(0).shape();
        Shape index = in.get(1).shape();
        int a = x.axis(axis);
        Checks.takeable(this, index, x.dim(a));
        int[] dims = new int[x.rank() - 1 + index.rank()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = i < a ? x.dim(i) : i < a + index.rank() ? index.dim(i - a) : x.dim(i - index.rank() + 1);
        }
        return List.of(Shape.of(dims));
    }
}
