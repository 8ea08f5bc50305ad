package ocelli.testkit;

import java.lang.foreign.MemorySegment;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;

/**
 * How far an output is from the oracle's.
 *
 * @param elements elements compared
 * @param worst    largest difference: quantisation steps, or for floats a share of the oracle's range
 * @param overOne  elements of a quantised output that differ by more than one step
 */
public record OutputDiff(long elements, double worst, long overOne) {
    private static final double LEAST_RANGE = 0.01;

    /** Compares an output with the oracle's bytes of the same type. */
    public static OutputDiff of(Tensor found, byte[] oracle) {
        Tensor wanted = new Tensor(found.name(), found.type(), MemorySegment.ofArray(oracle));
        long n = found.type().shape().elements();
        boolean floats = found.type().dtype() == DType.FLOAT32;
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double worst = 0;
        long overOne = 0;
        for (long i = 0; i < n; i++) {
            double w = wanted.get(i);
            double d = Math.abs(found.get(i) - w);
            low = Math.min(low, w);
            high = Math.max(high, w);
            worst = d > worst || Double.isNaN(d) ? d : worst;
            overOne += d > 1 ? 1 : 0;
        }
        return new OutputDiff(n, floats ? worst / range(low, high) : worst, floats ? 0 : overOne);
    }

    /** The range that differences of float outputs are a share of, from the oracle's smallest and largest element. */
    public static double range(double low, double high) {
        // Of an output that hardly moves, such as the probabilities of a picture without objects, the last bits of a sigmoid are a
        // visible share: ranges count as 0.01 at least.
        return high > low ? Math.max(high - low, LEAST_RANGE) : Math.max(Math.abs(high), 1);
    }

    /** The worse of two, with the elements of both. */
    public OutputDiff and(OutputDiff o) {
        return new OutputDiff(elements + o.elements, Math.max(worst, o.worst), overOne + o.overOne);
    }

    /** Share of a quantised output's elements that differ by more than one step. */
    public double shareOverOne() {
        return elements == 0 ? 0 : (double) overOne / elements;
    }
}
