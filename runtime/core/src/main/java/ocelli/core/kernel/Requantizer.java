package ocelli.core.kernel;

import ocelli.core.graph.Activation;
import ocelli.core.tensor.TensorType;

/**
 * The one rule by which an int32 accumulator becomes a quantised output:
 * {@code q = roundHalfEven(clamp((float) acc · scale[c], qmin − zo, qmax − zo)) + zo}. The conversion of the accumulator
 * rounds to nearest even; the product is one fp32 multiplication. It is the rule of ONNX Runtime's QLinear operators and
 * of XNNPACK, and every provider gives its bits.
 */
public final class Requantizer {
    /** 1.5 · 2^23: adding and subtracting it rounds |t| &lt; 2^22 half to even. */
    public static final float MAGIC = 12582912f;

    private final float[] scales;
    private final int zeroPoint;
    private final float low;
    private final float high;

    private Requantizer(float[] scales, int zeroPoint, int qmin, int qmax) {
        this.scales = scales;
        this.zeroPoint = zeroPoint;
        this.low = qmin - zeroPoint;
        this.high = qmax - zeroPoint;
    }

    /** For a convolution: one scale for each output channel, computed in float32 as both models of the rule do. */
    public static Requantizer ofWeights(TensorType x, TensorType weights, int channels, TensorType out, Activation activation) {
        float[] scales = new float[channels];
        for (int c = 0; c < channels; c++) {
            scales[c] = x.quant().scale() * weights.quant().scale(c) / out.quant().scale();
        }
        return new Requantizer(scales, out.quant().zeroPoint(), activation.qmin(out), activation.qmax(out));
    }

    /** With one scale for all channels. */
    public static Requantizer of(float scale, TensorType out, Activation activation) {
        return new Requantizer(new float[] {scale}, out.quant().zeroPoint(), activation.qmin(out), activation.qmax(out));
    }

    /** The output value, not narrowed to a byte, for an accumulator of channel {@code c} (any when there is one scale). */
    public int apply(int acc, int c) {
        return apply(acc, scale(c));
    }

    /** The output value for an accumulator and a scale that the caller chose. */
    public int apply(int acc, float scale) {
        return round((float) acc * scale);
    }

    /** The output value for a real number in units of the output's scale. */
    public int round(float t) {
        return (int) Math.rint(Math.min(Math.max(t, low), high)) + zeroPoint;
    }

    public float scale(int c) {
        return scales[scales.length == 1 ? 0 : c];
    }

    public int zeroPoint() {
        return zeroPoint;
    }

    /** Lower bound before the zero point is added. */
    public float low() {
        return low;
    }

    /** Upper bound before the zero point is added. */
    public float high() {
        return high;
    }
}
