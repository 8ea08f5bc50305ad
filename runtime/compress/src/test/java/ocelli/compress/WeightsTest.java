package ocelli.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class WeightsTest {
    private static final double[] NOTHING = new double[3];

    /** A pointwise convolution of two channels to three. */
    private static Node node(double[] weights, double[] bias) {
        Value x = Value.of("x", TensorType.of(DType.FLOAT32, 1, 1, 1, 2));
        return new Node("conv", new Conv2d(new Window(1, 1, 1, 1, 1, 1, 0, 0, 0, 0), 1, Activation.NONE),
                List.of(x, Constants.floats("w", Shape.of(3, 1, 1, 2), weights), Constants.floats("b", Shape.of(3), bias)),
                List.of(Value.of("y", TensorType.of(DType.FLOAT32, 1, 1, 1, 3))));
    }

    /** Each weight at its nearest step. */
    private static Weights of(Node node, double inputScale, boolean perChannel, double[] correction) {
        return Weights.of(node, inputScale, perChannel, Constants.elements(node.input(1)), correction);
    }

    @Test
    void everyChannelUsesAllLevels() {
        Weights w = of(node(new double[] {1, -0.5, 0.01, 0.004, -127, 127}, new double[] {1, 2, 3}), 0.5, true, NOTHING);
        assertArrayEquals(new double[] {127, -64, 127, 51, -127, 127}, Constants.elements(w.weights()));
        assertEquals(0, w.weights().type().quant().axis());
        double[] bias = Constants.elements(w.bias());
        for (int c = 0; c < 3; c++) {
            assertEquals(c + 1, bias[c] * 0.5 * w.weights().type().quant().scale(c), 0.5 * w.weights().type().quant().scale(c));
        }
    }

    @Test
    void oneScaleForAll() {
        Weights w = of(node(new double[] {1, -0.5, 0.01, 0.005, -127, 127}, new double[3]), 0.5, false, NOTHING);
        assertEquals(1, w.weights().type().quant().scale());
        assertArrayEquals(new double[] {1, 0, 0, 0, -127, 127}, Constants.elements(w.weights()));
    }

    @Test
    void aChannelOfZerosKeepsItsBias() {
        Weights w = of(node(new double[] {0, 0, 0, 0, 1, 1}, new double[] {0.75, 0, 1e6}), 0.01, true, NOTHING);
        double[] bias = Constants.elements(w.bias());
        for (double b : bias) {
            assertTrue(Math.abs(b) <= 1 << 30, () -> Arrays.toString(bias));
        }
        assertEquals(0.75, bias[0] * 0.01 * w.weights().type().quant().scale(0), 1e-6);
        assertEquals(1e6, bias[2] * 0.01 * w.weights().type().quant().scale(2), 1);
        assertTrue(w.weights().type().quant().scale(1) > 0);
    }

    @Test
    void correctionIsAdded() {
        Weights w = of(node(new double[] {1, 1, 1, 1, 1, 1}, new double[3]), 0.01, true, new double[] {0.5, 0, -0.5});
        double unit = 0.01 * w.weights().type().quant().scale(0);
        assertArrayEquals(new double[] {0.5, 0, -0.5}, Arrays.stream(Constants.elements(w.bias())).map(b -> b * unit).toArray(), unit);
    }
}
