package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** The same elements in the same order under another shape. It costs nothing: the planner makes it a view. */
public record Reshape(Shape shape) implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        Checks.equal(this, "elements of " + in.get(0).shape(), in.get(0).shape().elements(), shape.elements());
        return List.of(shape);
    }
}
