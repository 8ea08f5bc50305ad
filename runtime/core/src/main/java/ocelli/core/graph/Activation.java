package ocelli.core.graph;

import ocelli.core.tensor.TensorType;

/**
 * A clamp fused into the operator that produces a value, in real numbers.
 *
 * @param min lower bound, −∞ for none
 * @param max upper bound, +∞ for none
 */
public record Activation(float min, float max) {
    public static final Activation NONE = new Activation(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
    public static final Activation RELU = new Activation(0, Float.POSITIVE_INFINITY);
    public static final Activation RELU_N1_TO_1 = new Activation(-1, 1);
    public static final Activation RELU6 = new Activation(0, 6);

    /** @throws IllegalArgumentException when the bounds are NaN or cross */
    public Activation {
        if (!(min <= max)) {
            throw new IllegalArgumentException("activation bounds [" + min + ", " + max + "] are not a range");
        }
    }

    public boolean isNone() {
        return equals(NONE);
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
        return equals(NONE) ? "none" : equals(RELU) ? "relu" : equals(RELU6) ? "relu6" : "clamp[" + min + "," + max + "]";
    }
}
