package ocelli.core.kernel;

import ocelli.core.graph.Resize;

/**
 * The sources of each output coordinate of a bilinear interpolation along one axis.
 *
 * @param lower    the first source
 * @param upper    the second source
 * @param fraction the weight of the second, 0 … 1
 */
public record Bilinear(int[] lower, int[] upper, float[] fraction) {
    /** Fractional bits of the weights of 8-bit tensors. */
    public static final int BITS = 11;

    /** @param vertical whether along H, else W */
    public static Bilinear of(Resize op, int in, int out, boolean vertical) {
        Bilinear axis = new Bilinear(new int[out], new int[out], new float[out]);
        for (int i = 0; i < out; i++) {
            float at = op.rule().source(i, in, out, vertical);
            axis.lower[i] = Math.clamp((int) Math.floor(at), 0, in - 1);
            axis.upper[i] = Math.min(axis.lower[i] + 1, in - 1);
            axis.fraction[i] = Math.clamp(at - axis.lower[i], 0, 1);
        }
        return axis;
    }

    /** The weights of the second sources in units of 2^−{@value #BITS}. */
    public int[] weights() {
        int[] weights = new int[fraction.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (int) Math.rint(fraction[i] * (1 << BITS));
        }
        return weights;
    }
}
