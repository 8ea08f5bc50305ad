package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Writes updates into a copy of the data along {@code axis}: output[i][index[i][j][k]][k] = updates[i][j][k] for axis 1.
 * Inputs: data, int32 or int64 indices, updates of the indices' shape. Negative indices count from the end, one outside is
 * clamped; where two hit one place the later in row-major order wins.
 */
public record ScatterElements(int axis, Reduction reduction) implements Op {
    /** What an update does to the element that it meets. */
    public enum Reduction { NONE, ADD, MUL, MIN, MAX }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 3, 3);
        Checks.indices(this, in.get(1));
        Checks.sameType(this, in.get(0), in.get(2));
        Checks.rank(this, "indices", in.get(1), in.get(0).shape().rank());
        if (!in.get(1).shape().equals(in.get(2).shape())) {
            throw new IllegalArgumentException("ScatterElements: updates " + in.get(2).shape() + ", wanted the indices' shape " + in.get(1).shape());
        }
        Checks.within(this, in.get(1).shape(), in.get(0).shape(), in.get(0).shape().axis(axis));
        return List.of(in.get(0).shape());
    }
}
