package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * The {@code k} largest or smallest elements along an axis in order, among equal ones the one with the lower index first; NaN is
 * above all numbers. Outputs: the values, and their indices as int64 or int32.
 */
public record TopK(int k, int axis, boolean largest) implements Op {
    /** @throws IllegalArgumentException when k is negative */
    public TopK {
        if (k < 0) {
            throw new IllegalArgumentException("TopK of " + k + " elements, wanted at least 0");
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        int[] dims = in.get(0).shape().toArray();
        int a = in.get(0).shape().axis(axis);
        if (k > dims[a]) {
            throw new IllegalArgumentException("TopK of " + k + " elements along dimension " + a + " of " + in.get(0).shape());
        }
        dims[a] = k;
        return List.of(Shape.of(dims), Shape.of(dims));
    }
}
