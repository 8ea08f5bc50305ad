package ocelli.core.kernel;

import ocelli.core.graph.Binary;
import ocelli.core.tensor.TensorType;

/**
 * The rule for the product of two 8-bit tensors, in float32:
 * {@code q = roundHalfEven(clamp((a − za)·(b − zb)·scale + offset, low, high)) + zeroPoint}, product and sum rounded each. The zero
 * point is the offset with {@link Binary.Rounding#FLOAT} and added at the end with {@link Binary.Rounding#FIXED_POINT}; ties fall
 * to different sides when it is odd.
 *
 * @param zeroA     zero point of a
 * @param zeroB     zero point of b
 * @param scale     sa·sb/so
 * @param offset    added before rounding
 * @param low       lower bound before rounding
 * @param high      upper bound before rounding
 * @param zeroPoint added behind rounding
 */
public record QuantizedProduct(int zeroA, int zeroB, float scale, int offset, int low, int high, int zeroPoint) {
    public static QuantizedProduct of(TensorType a, TensorType b, TensorType out, Binary op) {
        // No product of bytes times a larger scale stays in range, and none times this one is infinite.
        float scale = Math.min(a.quant().scale() * b.quant().scale() / out.quant().scale(), 0x1p100f);
        int zo = out.quant().zeroPoint();
        int inside = op.rounding() == Binary.Rounding.FLOAT ? zo : 0;
        int behind = zo - inside;
        return new QuantizedProduct(a.quant().zeroPoint(), b.quant().zeroPoint(), scale, inside,
                op.activation().qmin(out) - behind, op.activation().qmax(out) - behind, behind);
    }

    /** The output value, not narrowed to a byte, for two raw (sign- or zero-extended) inputs. */
    public int apply(int a, int b) {
        float t = (float) ((a - zeroA) * (b - zeroB)) * scale + offset;
        return (int) Math.rint(Math.min(Math.max(t, low), high)) + zeroPoint;
    }
}
