package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Element-wise operator of two tensors with NumPy broadcasting. */
public record Binary(Kind kind, Activation activation) implements Op {
    /** The operators. */
    public enum Kind { ADD, SUB, MUL }

    @Override
    public String name() {
        return switch (kind) {
            case ADD -> "Add";
            case SUB -> "Sub";
            case MUL -> "Mul";
        };
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 2, 2);
        if (in.get(0).dtype() != in.get(1).dtype()) {
            throw new IllegalArgumentException(name() + ": operands are " + in.get(0) + " and " + in.get(1) + ", wanted one element type");
        }
        return List.of(Shape.broadcast(in.get(0).shape(), in.get(1).shape()));
    }
}
