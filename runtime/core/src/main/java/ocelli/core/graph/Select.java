package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Takes each element from the second input where the first, a bool, is true, else from the third; all three broadcast. */
public record Select() implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 3, 3);
        Checks.dtype(this, "condition", in.get(0), DType.BOOL);
        Checks.sameType(this, in.get(1), in.get(2));
        return List.of(Shape.broadcast(in.get(0).shape(), Shape.broadcast(in.get(1).shape(), in.get(2).shape())));
    }
}
