package ocelli.core.graph;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import ocelli.core.tensor.TensorType;

/**
 * What is fused into the operator that produces a value, in real numbers: a clamp, or a function of float32 numbers.
 *
 * @param min      lower bound, −∞ for none
 * @param max      upper bound, +∞ for none
 * @param function the function of {@link #FUNCTIONS}, which has no bounds beside it
 */
public record Activation(float min, float max, Optional<Unary> function) {
    /** The functions that float32 convolutions and fully connected layers take. */
    public static final Set<Unary.Kind> FUNCTIONS = Set.copyOf(EnumSet.of(Unary.Kind.LOGISTIC, Unary.Kind.TANH, Unary.Kind.HARD_SWISH,
            Unary.Kind.SWISH, Unary.Kind.MISH, Unary.Kind.GELU, Unary.Kind.GELU_TANH, Unary.Kind.LEAKY_RELU, Unary.Kind.ELU,
            Unary.Kind.HARD_SIGMOID));
    public static final Activation NONE = new Activation(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
    public static final Activation RELU = new Activation(0, Float.POSITIVE_INFINITY);
    public static final Activation RELU_N1_TO_1 = new Activation(-1, 1);
    public static final Activation RELU6 = new Activation(0, 6);

    /** @throws IllegalArgumentException when the bounds are NaN or cross, or for a function with bounds or of another kind */
    public Activation {
        if (!(min <= max)) {
            throw new IllegalArgumentException("activation bounds [" + min + ", " + max + "] are not a range");
        }
        if (function.isPresent() && (min != Float.NEGATIVE_INFINITY || max != Float.POSITIVE_INFINITY
                || !FUNCTIONS.contains(function.get().kind()))) {
            throw new IllegalArgumentException("activation is " + function.get() + " with bounds [" + min + ", " + max + "], wanted one of "
                    + FUNCTIONS + " without bounds");
        }
    }

    /** A clamp. */
    public Activation(float min, float max) {
        this(min, max, Optional.empty());
    }

    /** A function. */
    public Activation(Unary function) {
        this(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Optional.of(function));
    }

    public boolean isNone() {
        return equals(NONE);
    }

    /** The activation of a float32 number; a function is computed in float64 and rounded. */
    public float apply(float x) {
        return function.isPresent() ? (float) function.get().apply(x) : Math.min(Math.max(x, min), max);
    }

    /** Smallest quantised value that the clamp lets through for a per-tensor quantised type. */
    public int qmin(TensorType out) {
        return quantize(min, out);
    }

    /** Largest quantised value that the clamp lets through for a per-tensor quantised type. */
    public int qmax(TensorType out) {
        return quantize(max, out);
    }

    private static int quantize(float bound, TensorType out) {
        double q = Math.rint(bound / (double) out.quant().scale()) + out.quant().zeroPoint();
        return (int) Math.clamp(q, out.dtype().min(), out.dtype().max());
    }

    @Override
    public String toString() {
        return function.isPresent() ? function.get().name().toLowerCase(Locale.ROOT) : equals(NONE) ? "none" : equals(RELU) ? "relu" : equals(RELU6) ? "relu6" : "clamp[" + min + "," + max + "]";
    }
}
