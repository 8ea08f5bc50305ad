package ocelli.core.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import ocelli.core.graph.Activation;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class RequantizerTest {
    private static final TensorType U8 = TensorType.quantized(DType.UINT8, 0.5f, 10, 1);

    @Test
    void tiesGoToEven() {
        Requantizer r = Requantizer.of(0.5f, TensorType.quantized(DType.INT8, 1, 0, 1), Activation.NONE);
        assertEquals(0, r.apply(1, 0));
        assertEquals(2, r.apply(3, 0));
        assertEquals(2, r.apply(4, 0));
        assertEquals(2, r.apply(5, 0));
        assertEquals(0, r.apply(-1, 0));
        assertEquals(-2, r.apply(-3, 0));
    }

    @Test
    void clampsToTypeAndActivation() {
        assertEquals(255, Requantizer.of(1, U8, Activation.NONE).apply(Integer.MAX_VALUE, 0));
        assertEquals(0, Requantizer.of(1, U8, Activation.NONE).apply(Integer.MIN_VALUE, 0));
        assertEquals(10, Requantizer.of(1, U8, Activation.RELU).apply(-5, 0));
        assertEquals(22, Requantizer.of(1, U8, Activation.RELU6).apply(1000, 0));
    }

    @Test
    void equalsExactArithmeticWithASingleRoundingOfEachStep() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            float scale = (float) Math.pow(2, -random.nextInt(20)) * (0.5f + random.nextFloat());
            int acc = random.nextInt() >> random.nextInt(24);
            Requantizer r = Requantizer.of(scale, U8, Activation.NONE);
            float asFloat = new BigDecimal(acc).round(new MathContext(40)).floatValue();
            float product = new BigDecimal(asFloat).multiply(new BigDecimal(scale)).floatValue();
            int wanted = Math.clamp(new BigDecimal(product).setScale(0, RoundingMode.HALF_EVEN).longValue() + 10, 0, 255);
            assertEquals(wanted, r.apply(acc, 0), "acc " + acc + " scale " + scale);
        }
    }

    @Test
    void theMagicNumberRoundsAsRintDoes() {
        Random random = new Random(9);
        for (int i = 0; i < 100_000; i++) {
            float t = (random.nextFloat() - 0.5f) * 1024;
            if (i % 3 == 0) {
                t = Math.round(t) + 0.5f;
            }
            assertEquals((int) Math.rint(t), (int) (t + Requantizer.MAGIC - Requantizer.MAGIC), "t " + t);
        }
    }
}
