package ocelli.compress;

import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * The real numbers that a tensor's 256 levels cover. Always holds zero, which quantisation must keep exactly (paddings and
 * ReLU are full of it).
 */
public record Range(double min, double max) {
    private static final int STEPS = 255;
    /** Narrower ranges are widened: the scale must be a normal float32, also in products with a weight's scale. */
    private static final double LEAST_STEP = 1e-12;

    /** @throws IllegalArgumentException when the bounds are not finite, cross, or zero lies outside */
    public Range {
        if (!(min <= 0 && max >= 0) || Double.isInfinite(min) || Double.isInfinite(max)) {
            throw new IllegalArgumentException("range [" + min + ", " + max + "], wanted finite bounds around 0");
        }
    }

    /** The smallest range that holds zero and these bounds. */
    public static Range around(double min, double max) {
        return new Range(Math.min(min, 0), Math.max(max, 0));
    }

    public double width() {
        return max - min;
    }

    /** True when nothing but zero lies in it: the tensor never moved. */
    public boolean isEmpty() {
        return width() == 0;
    }

    public Range union(Range other) {
        return new Range(Math.min(min, other.min), Math.max(max, other.max));
    }

    public double step() {
        return Math.max(width() / STEPS, LEAST_STEP);
    }

    /** The uint8 type whose levels cover this range; a range of zero alone gets one that represents zero. */
    public TensorType type(Shape shape) {
        float scale = isEmpty() ? 1f / STEPS : (float) step();
        int zero = (int) Math.clamp(Math.rint(-min / scale), 0, STEPS);
        return new TensorType(DType.UINT8, shape, Quantization.perTensor(scale, zero));
    }
}
