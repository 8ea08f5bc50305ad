package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Takes slices by tuples of indices. Inputs: data, and int32 or int64 indices whose last dimension holds the tuples; the
 * first {@code batchDims} dimensions of both are walked together. Negative indices count from the end, one outside is clamped.
 */
public record GatherNd(int batchDims) implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 2, 2);
        Checks.indices(this, in.get(1));
        Shape x = in.get(0).shape();
        Shape index = in.get(1).shape();
        int tuple = index.rank() == 0 ? 0 : index.dim(-1);
        if (index.rank() == 0 || batchDims < 0 || batchDims >= index.rank() || tuple < 1 || batchDims + tuple > x.rank()) {
            throw new IllegalArgumentException("GatherNd of " + x + " by indices " + index + " with " + batchDims + " batch dimensions");
        }
        for (int i = 0; i < batchDims; i++) {
            Checks.equal(this, "batch dimension " + i + " of the indices", index.dim(i), x.dim(i));
        }
        for (int i = batchDims; i < batchDims + tuple; i++) {
            Checks.takeable(this, index, x.dim(i));
        }
        int[] dims = new int[index.rank() - 1 + x.rank() - batchDims - tuple];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = i < index.rank() - 1 ? index.dim(i) : x.dim(i - (index.rank() - 1) + batchDims + tuple);
        }
        return List.of(Shape.of(dims));
    }
}
