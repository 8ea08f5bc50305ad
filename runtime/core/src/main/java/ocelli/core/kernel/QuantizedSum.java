package ocelli.core.kernel;

import ocelli.core.graph.Activation;
import ocelli.core.tensor.TensorType;

/**
 * The rule for the sum or difference of two 8-bit tensors of different scales, in integers only:
 * {@code q = clamp((bias + a·ma + b·mb) >> shift) + zo}, rounded half up, with multipliers of 21 bits. It is XNNPACK's rule
 * for quantised addition, and every provider gives its bits.
 *
 * @param multiplierA sa/so in units of 2^−shift, rounded to nearest even
 * @param multiplierB sb/so likewise, negative for a difference
 * @param bias        half a unit of the result less the zero points' share
 * @param shift       arithmetic shift to the right, 1 … 31
 * @param zeroPoint   of the output
 * @param low         lower bound before the zero point is added
 * @param high        upper bound before the zero point is added
 */
public record QuantizedSum(int multiplierA, int multiplierB, int bias, int shift, int zeroPoint, int low, int high) {
    /** Bits of the larger multiplier. */
    private static final int BITS = 21;

    public static QuantizedSum of(TensorType a, TensorType b, TensorType out, boolean difference, Activation activation) {
        float scaleA = a.quant().scale() / out.quant().scale();
        float scaleB = b.quant().scale() / out.quant().scale();
        // The larger of the two has its leading bit at 2^20. Ratios beyond 2^±10 would need a shift outside of 1 … 30;
        // there the result is a constant or saturates, which the clamped exponent still gives.
        int exponent = Math.clamp(Math.getExponent(Math.max(scaleA, scaleB)), BITS - 1 - 30, BITS - 1 - 1);
        int shift = BITS - 1 - exponent;
        int ma = multiplier(scaleA, shift);
        int mb = difference ? -multiplier(scaleB, shift) : multiplier(scaleB, shift);
        int bias = (1 << shift - 1) - ma * a.quant().zeroPoint() - mb * b.quant().zeroPoint();
        int zo = out.quant().zeroPoint();
        return new QuantizedSum(ma, mb, bias, shift, zo, activation.qmin(out) - zo, activation.qmax(out) - zo);
    }

    private static int multiplier(float scale, int shift) {
        return (int) Math.min(Math.rint(Math.scalb((double) scale, shift)), (1 << BITS) - 1);
    }

    /** The output value, not narrowed to a byte, for two raw (sign- or zero-extended) inputs. */
    public int apply(int a, int b) {
        return Math.clamp(bias + a * multiplierA + b * multiplierB >> shift, low, high) + zeroPoint;
    }
}
