package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Indices of the elements that are not zero, in row-major order. Output int64 [rank, elements]: the static bound; columns that
 * are not used hold −1.
 */
public record NonZero() implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        return List.of(Shape.of(in.get(0).shape().rank(), in.get(0).shape().elements()));
    }
}
