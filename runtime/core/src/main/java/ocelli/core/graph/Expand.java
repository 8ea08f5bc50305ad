package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Stretches dimensions of size 1, and adds dimensions in front, so that the input has the given shape (NumPy broadcasting). */
public record Expand(Shape shape) implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        if (!Shape.broadcast(in.get(0).shape(), shape).equals(shape)) {
            throw new IllegalArgumentException("Expand of " + in.get(0).shape() + " to " + shape + ", which it does not broadcast to");
        }
        return List.of(shape);
    }
}
