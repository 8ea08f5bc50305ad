package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** exp(beta·x) normalised to sum 1 over the last dimension. */
public record Softmax(float beta) implements Op {
    /** @throws IllegalArgumentException when beta is not a positive finite number */
    public Softmax {
        if (!(beta > 0) || Float.isInfinite(beta)) {
            throw new IllegalArgumentException("Softmax has beta " + beta + ", wanted a positive finite number");
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        if (in.get(0).shape().rank() == 0) {
            throw new IllegalArgumentException("Softmax of a scalar, wanted rank 1 or more");
        }
        return List.of(in.get(0).shape());
    }
}
