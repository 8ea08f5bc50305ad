package ocelli.core.kernel;

import java.util.function.DoubleUnaryOperator;
import ocelli.core.graph.Activation;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/**
 * Tables of 256 bytes for functions between two 8-bit quantised types, indexed by the raw input byte (0 … 255). They are
 * computed in float64 with StrictMath, so all machines and providers share their bits.
 */
public final class QuantTables {
    private QuantTables() {
    }

    /** {@code q = clamp(roundHalfEven(f(real(x)) / so) + zo)}; NaN becomes the zero point. */
    public static byte[] unary(TensorType in, TensorType out, DoubleUnaryOperator f) {
        byte[] table = new byte[256];
        for (int i = 0; i < 256; i++) {
            int x = in.dtype() == DType.INT8 ? (byte) i : i;
            double real = ((double) in.quant().scale()) * (x - in.quant().zeroPoint());
            double y = f.applyAsDouble(real);
            double q = Double.isNaN(y) ? out.quant().zeroPoint() : Math.rint(y / out.quant().scale()) + out.quant().zeroPoint();
            table[i] = (byte) (int) Math.clamp(q, out.dtype().min(), out.dtype().max());
        }
        return table;
    }

    /** One type to another by the rule of {@link Requantizer}: {@code roundHalfEven((x − zx) · (sx / so)) + zo}. */
    public static byte[] requantize(TensorType in, TensorType out) {
        Requantizer rule = Requantizer.of(in.quant().scale() / out.quant().scale(), out,
                Activation.NONE);
        byte[] table = new byte[256];
        for (int i = 0; i < 256; i++) {
            int x = in.dtype() == DType.INT8 ? (byte) i : i;
            table[i] = (byte) rule.apply(x - in.quant().zeroPoint(), 0);
        }
        return table;
    }

    /** round(2^23 · exp(−step · d)) for the distances d = 0 … 255 from the row's maximum. */
    public static int[] exponentials(double step) {
        int[] table = new int[256];
        for (int d = 0; d < 256; d++) {
            table[d] = (int) Math.rint(StrictMath.exp(-step * d) * (1 << 23));
        }
        return table;
    }
}
