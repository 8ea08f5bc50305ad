package ocelli.core.kernel;

import ocelli.core.graph.Activation;
import ocelli.core.tensor.TensorType;

/**
 * The rule of {@link ocelli.core.graph.Binary.Rounding#FLOAT} for the sum or difference of two 8-bit tensors:
 * {@code q = roundHalfEven(clamp(fma(a, scaleA, fma(b, scaleB, offset)), low, high))}. ONNX Runtime's kernel for x86 computes a
 * sum so, and every provider gives its bits: of 3.9 million random sums none differed.
 *
 * @param scaleA sa/so
 * @param scaleB sb/so, negative for a difference
 * @param offset the output's zero point less the share of the inputs' zero points
 * @param low    lower bound of the result
 * @param high   upper bound of the result
 */
public record FloatSum(float scaleA, float scaleB, float offset, int low, int high) {
    /** Beyond it a single step of an input leaves the output's range; up to it no sum is infinite. */
    private static final float MOST = 0x1p100f;

    public static FloatSum of(TensorType a, TensorType b, TensorType out, boolean difference, Activation activation) {
        float scaleA = Math.min(a.quant().scale() / out.quant().scale(), MOST);
        float ratio = Math.min(b.quant().scale() / out.quant().scale(), MOST);
        float scaleB = difference ? -ratio : ratio;
        float offset = out.quant().zeroPoint() - Math.fma(scaleA, a.quant().zeroPoint(), scaleB * b.quant().zeroPoint());
        return new FloatSum(scaleA, scaleB, offset, activation.qmin(out), activation.qmax(out));
    }

    /** The output value, not narrowed to a byte, for two raw (sign- or zero-extended) inputs. */
    public int apply(int a, int b) {
        return (int) Math.rint(Math.clamp(Math.fma(a, scaleA, Math.fma(b, scaleB, offset)), low, high));
    }
}
