package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Element-wise function of one tensor; between quantised types it is one table of 256 entries. */
public record Unary(Kind kind) implements Op {
    /** The functions, in real numbers. */
    public enum Kind {
        RELU, RELU6, RELU_N1_TO_1, LOGISTIC, TANH, HARD_SWISH;

        /** The function in float64; float32 kernels state their distance to it. */
        public double apply(double x) {
            return switch (this) {
                case RELU -> Math.max(x, 0);
                case RELU6 -> Math.clamp(x, 0, 6);
                case RELU_N1_TO_1 -> Math.clamp(x, -1, 1);
                case LOGISTIC -> 1 / (1 + StrictMath.exp(-x));
                case TANH -> StrictMath.tanh(x);
                case HARD_SWISH -> x * Math.clamp(x + 3, 0, 6) / 6;
            };
        }
    }

    @Override
    public String name() {
        return switch (kind) {
            case RELU -> "Relu";
            case RELU6 -> "Relu6";
            case RELU_N1_TO_1 -> "ReluN1To1";
            case LOGISTIC -> "Logistic";
            case TANH -> "Tanh";
            case HARD_SWISH -> "HardSwish";
        };
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        return List.of(in.get(0).shape());
    }
}
