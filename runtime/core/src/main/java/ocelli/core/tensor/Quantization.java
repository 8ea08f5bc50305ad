package ocelli.core.tensor;

import java.util.Arrays;

/**
 * Affine quantisation: {@code real = scale · (q − zeroPoint)}, per tensor (one pair) or per index of {@code axis}.
 *
 * @see <a href="https://ai.google.dev/edge/litert/models/quantization_spec">LiteRT 8-bit quantization specification</a>
 */
public final class Quantization {
    /** The mark of a tensor that is not quantised. */
    public static final Quantization NONE = new Quantization(new float[0], new int[0], -1);

    private final float[] scales;
    private final int[] zeroPoints;
    private final int axis;

    private Quantization(float[] scales, int[] zeroPoints, int axis) {
        this.scales = scales;
        this.zeroPoints = zeroPoints;
        this.axis = axis;
    }

    /** @throws IllegalArgumentException when the scale is not a positive finite number */
    public static Quantization perTensor(float scale, int zeroPoint) {
        checkScale(scale);
        return new Quantization(new float[] {scale}, new int[] {zeroPoint}, -1);
    }

    /** @throws IllegalArgumentException when lengths differ, are 0, or a scale is not a positive finite number */
    public static Quantization perAxis(float[] scales, int[] zeroPoints, int axis) {
        if (scales.length == 0 || scales.length != zeroPoints.length || axis < 0) {
            throw new IllegalArgumentException("per-axis quantisation with " + scales.length + " scales, "
                    + zeroPoints.length + " zero points, axis " + axis);
        }
        for (float s : scales) {
            checkScale(s);
        }
        return new Quantization(scales.clone(), zeroPoints.clone(), axis);
    }

    private static void checkScale(float scale) {
        if (!(scale > 0) || Float.isInfinite(scale)) {
            throw new IllegalArgumentException("quantisation scale is " + scale + ", wanted a positive finite number");
        }
    }

    public boolean isNone() {
        return scales.length == 0;
    }

    public boolean isPerAxis() {
        return axis >= 0;
    }

    /** The quantised dimension, or −1 when per tensor. */
    public int axis() {
        return axis;
    }

    /** Number of (scale, zero point) pairs. */
    public int size() {
        return scales.length;
    }

    /** The scale of index {@code i} of the axis; any {@code i} is right when per tensor. */
    public float scale(int i) {
        return scales[axis < 0 ? 0 : i];
    }

    /** The zero point of index {@code i} of the axis; any {@code i} is right when per tensor. */
    public int zeroPoint(int i) {
        return zeroPoints[axis < 0 ? 0 : i];
    }

    /** The only scale of per-tensor quantisation. */
    public float scale() {
        return scales[0];
    }

    /** The only zero point of per-tensor quantisation. */
    public int zeroPoint() {
        return zeroPoints[0];
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Quantization q && axis == q.axis && Arrays.equals(scales, q.scales)
                && Arrays.equals(zeroPoints, q.zeroPoints);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(scales) + Arrays.hashCode(zeroPoints)) + axis;
    }

    @Override
    public String toString() {
        if (isNone()) {
            return "none";
        }
        return isPerAxis() ? "per-axis(" + axis + ", " + scales.length + ")" : scales[0] + "/" + zeroPoints[0];
    }
}
