package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Element-wise comparison of two tensors of one element type with NumPy broadcasting. The result is bool. */
public record Compare(Kind kind) implements Op {
    /** The comparisons. Only NOT_EQUAL is true when an operand is not a number. */
    public enum Kind {
        EQUAL("Equal"), NOT_EQUAL("NotEqual"), LESS("Less"), LESS_OR_EQUAL("LessOrEqual"), GREATER("Greater"),
        GREATER_OR_EQUAL("GreaterOrEqual");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    @Override
    public String name() {
        return kind.label;
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 2, 2);
        Checks.sameType(this, in.get(0), in.get(1));
        return List.of(Shape.broadcast(in.get(0).shape(), in.get(1).shape()));
    }
}
