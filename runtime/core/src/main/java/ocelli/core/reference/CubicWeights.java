package ocelli.core.reference;

/**
 * Cubic convolution.
 *
 * @see "R. G. Keys, Cubic convolution interpolation for digital image processing, IEEE TASSP 29(6), 1981"
 */
final class CubicWeights {
    private CubicWeights() {
    }

    /** The weight of a sample at distance {@code d} from the place, with the coefficient {@code a}. */
    static double at(double d, double a) {
        double t = Math.abs(d);
        return t <= 1 ? ((a + 2) * t - (a + 3)) * t * t + 1 : t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0;
    }
}
