package ocelli.core.graph;

import java.util.List;
import java.util.Optional;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Element-wise function of one tensor; between quantised types it is one table of 256 entries. Plain integers have the functions
 * that stay within them.
 *
 * @param kind  the function
 * @param alpha its first parameter, 0 where it has none
 * @param beta  its second parameter, 0 where it has none
 */
public record Unary(Kind kind, float alpha, float beta) implements Op {
    /** The functions; a and b are the parameters. */
    public enum Kind {
        RELU("Relu"), RELU6("Relu6"), RELU_N1_TO_1("ReluN1To1"),
        /** min(max(x, a), b). */
        CLIP("Clip"),
        LOGISTIC("Logistic"), TANH("Tanh"), HARD_SWISH("HardSwish"),
        /** x·logistic(x), also called SiLU. */
        SWISH("Swish"),
        /** x·tanh(softplus(x)). */
        MISH("Mish"),
        /** x·Φ(x) with the error function. */
        GELU("Gelu"),
        /** x·Φ(x) with Hendrycks' tanh approximation. */
        GELU_TANH("GeluTanh"),
        /** a·x below 0. */
        LEAKY_RELU("LeakyRelu"),
        /** a·(exp(x) − 1) below 0. */
        ELU("Elu"),
        /** max(0, x) + min(0, a·(exp(x/a) − 1)). */
        CELU("Celu"),
        /** b·x above 0, b·a·(exp(x) − 1) below. */
        SELU("Selu"),
        /** min(max(a·x + b, 0), 1). */
        HARD_SIGMOID("HardSigmoid"),
        /** x above a, else 0. */
        THRESHOLDED_RELU("ThresholdedRelu"),
        /** x − a above b, x + a below −b, else 0. */
        SHRINK("Shrink"),
        SOFTPLUS("Softplus"), SOFTSIGN("Softsign"), EXP("Exp"), LOG("Log"), SQRT("Sqrt"), RECIPROCAL("Reciprocal"), ABS("Abs"),
        NEG("Neg"), SIGN("Sign"), FLOOR("Floor"), CEIL("Ceil"),
        /** To the nearest integer, halves to the even one. */
        ROUND("Round"),
        ERF("Erf"), SIN("Sin"), COS("Cos"), TAN("Tan"), ASIN("Asin"), ACOS("Acos"), ATAN("Atan"), SINH("Sinh"), COSH("Cosh"),
        ASINH("Asinh"), ACOSH("Acosh"), ATANH("Atanh"),
        /** Of booleans. */
        NOT("LogicalNot");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    /** A function without parameters. */
    public Unary(Kind kind) {
        this(kind, 0, 0);
    }

    /** The function in float64; float32 kernels state their distance to it. */
    public double apply(double x) {
        return Functions.apply(kind, alpha, beta, x);
    }

    /** The clamp that the function is, if it is one. */
    public Optional<Activation> clamp() {
        return switch (kind) {
            case RELU -> Optional.of(Activation.RELU);
            case RELU6 -> Optional.of(Activation.RELU6);
            case RELU_N1_TO_1 -> Optional.of(Activation.RELU_N1_TO_1);
            case CLIP -> alpha <= beta ? Optional.of(new Activation(alpha, beta)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    @Override
    public String name() {
        return kind.label;
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        if ((kind == Kind.NOT) != (in.get(0).dtype() == DType.BOOL)) {
            throw new IllegalArgumentException(name() + ": input is " + in.get(0) + ", wanted " + (kind == Kind.NOT ? "bool" : "numbers"));
        }
        return List.of(in.get(0).shape());
    }
}
