package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Logarithm of the softmax over the last dimension. */
public record LogSoftmax() implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        if (in.get(0).shape().rank() == 0) {
            throw new IllegalArgumentException("LogSoftmax of a scalar, wanted rank 1 or more");
        }
        return List.of(in.get(0).shape());
    }
}
