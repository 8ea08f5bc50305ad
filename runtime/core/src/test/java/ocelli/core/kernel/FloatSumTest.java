package ocelli.core.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import ocelli.core.graph.Activation;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class FloatSumTest {
    private static TensorType type(DType t, float scale, int zeroPoint) {
        return TensorType.quantized(t, scale, zeroPoint, 1);
    }

    /** Halfway between two steps the even byte wins, zero point included; the integer rule goes up instead. */
    @Test
    void tiesGoToTheEvenByte() {
        TensorType in = type(DType.UINT8, 1, 0);
        FloatSum even = FloatSum.of(in, in, type(DType.UINT8, 2, 10), false, Activation.NONE);
        FloatSum odd = FloatSum.of(in, in, type(DType.UINT8, 2, 11), false, Activation.NONE);
        assertEquals(10, even.apply(1, 0));
        assertEquals(12, even.apply(2, 1));
        assertEquals(12, odd.apply(1, 0));
        assertEquals(12, odd.apply(2, 1));
        assertEquals(11, QuantizedSum.of(in, in, type(DType.UINT8, 2, 10), false, Activation.NONE).apply(1, 0));
    }

    @Test
    void clampsToTypeAndActivation() {
        TensorType in = type(DType.INT8, 0.5f, -3);
        assertEquals(127, FloatSum.of(in, in, type(DType.INT8, 0.01f, 0), false, Activation.NONE).apply(127, 127));
        assertEquals(-128, FloatSum.of(in, in, type(DType.INT8, 0.01f, 0), false, Activation.NONE).apply(-128, -128));
        assertEquals(5, FloatSum.of(in, in, type(DType.INT8, 0.5f, 5), false, Activation.RELU).apply(-10, -10));
        assertEquals(17, FloatSum.of(in, in, type(DType.INT8, 0.5f, 5), false, Activation.RELU6).apply(100, 100));
    }

    /** Scales as far apart as a file may have them give bytes as well. */
    @Test
    void ratiosOutOfRangeSaturate() {
        TensorType large = type(DType.UINT8, Float.MAX_VALUE, 128);
        FloatSum sum = FloatSum.of(large, large, type(DType.UINT8, Float.MIN_VALUE, 128), false, Activation.NONE);
        assertEquals(255, sum.apply(200, 200));
        assertEquals(0, sum.apply(0, 0));
        assertEquals(128, FloatSum.of(type(DType.UINT8, Float.MIN_VALUE, 0), large, large, false, Activation.NONE).apply(255, 128));
    }

    /** Away from ties it is the real sum or difference. */
    @Test
    void nearestStepOfTheRealResult() {
        Random random = new Random(3);
        int sure = 0;
        for (int i = 0; i < 20_000; i++) {
            TensorType a = type(DType.UINT8, 0.01f + random.nextFloat(), random.nextInt(256));
            TensorType b = type(DType.UINT8, 0.01f + random.nextFloat(), random.nextInt(256));
            TensorType out = type(DType.UINT8, 0.1f + random.nextFloat(), random.nextInt(256));
            boolean difference = random.nextBoolean();
            int qa = random.nextInt(256);
            int qb = random.nextInt(256);
            double second = (double) b.quant().scale() * (qb - b.quant().zeroPoint());
            double real = (double) a.quant().scale() * (qa - a.quant().zeroPoint()) + (difference ? -second : second);
            double steps = real / out.quant().scale() + out.quant().zeroPoint();
            if (Math.abs(steps - Math.floor(steps) - 0.5) > 0.01) {
                sure++;
                assertEquals((int) Math.clamp(Math.rint(steps), 0, 255), FloatSum.of(a, b, out, difference, Activation.NONE).apply(qa, qb));
            }
        }
        assertTrue(sure > 15_000);
    }
}
