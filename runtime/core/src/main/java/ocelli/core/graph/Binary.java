package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Element-wise operator of two tensors with NumPy broadcasting. Operands share one element type, which is the result's; the
 * exponent of a power may have another. ADD, SUB and MUL also take 8-bit quantised tensors of different scales.
 *
 * @param activation a clamp of the result, for float32 and quantised tensors
 * @param rounding   how a quantised result is rounded; of no meaning for other types
 */
public record Binary(Kind kind, Activation activation, Rounding rounding) implements Op {
    /**
     * The operators. Integers wrap around and their quotients truncate; a quotient or remainder by zero is 0, and so is a shift by all
     * bits or more. An integer to a float power is computed in float64, truncated and saturated.
     */
    public enum Kind {
        ADD("Add"), SUB("Sub"), MUL("Mul"), DIV("Div"), POW("Pow"), MIN("Minimum"), MAX("Maximum"),
        /** Remainder with the sign of the divisor. */
        MOD("Mod"),
        /** Remainder with the sign of the dividend. */
        FMOD("FloatMod"),
        /** Unsigned integers. */
        SHIFT_LEFT("ShiftLeft"), SHIFT_RIGHT("ShiftRight"),
        /** Booleans. */
        AND("LogicalAnd"), OR("LogicalOr"), XOR("LogicalXor");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** True for the operators between booleans. */
        public boolean isLogic() {
            return this == AND || this == OR || this == XOR;
        }

        /** True for the sums and products that quantised tensors and fused clamps are defined for in every provider. */
        public boolean isSumOrProduct() {
            return this == ADD || this == SUB || this == MUL;
        }
    }

    /**
     * Two runtimes, two rules. They differ by a step where the result lies halfway between two steps, and a deep network makes a
     * hundred of a step, so a file is run by the rule of the runtime that it was made for.
     */
    public enum Rounding {
        /** Sums in integers, half up; the zero point is added to rounded products: TensorFlow Lite with XNNPACK. */
        FIXED_POINT,
        /** In float32 with the zero point, half to even: ONNX Runtime, which so joins the three nodes of the QDQ form. */
        FLOAT;

        /** The operator with this rule; the same when it has none. */
        public Op of(Op op) {
            return op instanceof Binary b ? b.withRounding(this) : op;
        }
    }

    /** @throws IllegalArgumentException when the activation is a function */
    public Binary {
        Checks.clamp("Binary", activation);
    }

    /** With {@link Rounding#FIXED_POINT}. */
    public Binary(Kind kind, Activation activation) {
        this(kind, activation, Rounding.FIXED_POINT);
    }

    public Binary withActivation(Activation a) {
        return new Binary(kind, a, rounding);
    }

    public Binary withRounding(Rounding r) {
        return new Binary(kind, activation, r);
    }

    @Override
    public String name() {
        return kind.label;
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 2, 2);
        if (in.get(0).dtype() != in.get(1).dtype() && kind != Kind.POW) {
            throw new IllegalArgumentException(name() + ": operands are " + in.get(0) + " and " + in.get(1) + ", wanted one element type");
        }
        if (kind.isLogic() != (in.get(0).dtype() == DType.BOOL)) {
            throw new IllegalArgumentException(name() + ": operands are " + in.get(0) + ", wanted " + (kind.isLogic() ? "bool" : "numbers"));
        }
        return List.of(Shape.broadcast(in.get(0).shape(), in.get(1).shape()));
    }
}
