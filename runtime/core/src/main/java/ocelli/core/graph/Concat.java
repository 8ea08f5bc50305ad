package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Joins tensors along {@code axis}; quantised inputs are requantised to the output's scale where they differ. */
public record Concat(int axis) implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, Integer.MAX_VALUE);
        int[] dims = in.get(0).shape().toArray();
        int a = in.get(0).shape().axis(axis);
        long sum = 0;
        for (TensorType t : in) {
            Checks.rank(this, "input", t, dims.length);
            for (int i = 0; i < dims.length; i++) {
                if (i != a) {
                    Checks.equal(this, "dimension " + i, t.shape().dim(i), dims[i]);
                }
            }
            sum += t.shape().dim(a);
            if (t.dtype() != in.get(0).dtype()) {
                throw new IllegalArgumentException("Concat of " + in.get(0) + " and " + t + ", wanted one element type");
            }
        }
        dims[a] = Checks.dimension(this, sum);
        return List.of(Shape.of(dims));
    }
}
