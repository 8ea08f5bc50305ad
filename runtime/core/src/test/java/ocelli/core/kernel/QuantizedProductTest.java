package ocelli.core.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class QuantizedProductTest {
    private static QuantizedProduct rule(Binary.Rounding rounding, Activation activation, int zeroPoint) {
        return QuantizedProduct.of(TensorType.quantized(DType.INT8, 0.5f, 1, 1), TensorType.quantized(DType.INT8, 1, -1, 1),
                TensorType.quantized(DType.INT8, 1, zeroPoint, 1), new Binary(Binary.Kind.MUL, activation, rounding));
    }

    /** (2 − 1)·(0 + 1)·½: a tie, which falls to the even byte or to the even number of steps. */
    @Test
    void tiesWithAnOddZeroPoint() {
        assertEquals(4, rule(Binary.Rounding.FLOAT, Activation.NONE, 3).apply(2, 0));
        assertEquals(3, rule(Binary.Rounding.FIXED_POINT, Activation.NONE, 3).apply(2, 0));
        assertEquals(4, rule(Binary.Rounding.FLOAT, Activation.NONE, 4).apply(2, 0));
        assertEquals(4, rule(Binary.Rounding.FIXED_POINT, Activation.NONE, 4).apply(2, 0));
    }

    @Test
    void clampsToTypeAndActivation() {
        for (Binary.Rounding rounding : Binary.Rounding.values()) {
            assertEquals(127, rule(rounding, Activation.NONE, 3).apply(127, 127));
            assertEquals(-128, rule(rounding, Activation.NONE, 3).apply(-128, 127));
            assertEquals(3, rule(rounding, Activation.RELU, 3).apply(-128, 127));
            assertEquals(9, rule(rounding, Activation.RELU6, 3).apply(127, 127));
        }
    }
}
