package ocelli.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import ocelli.core.graph.Unary;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ranges of distributions whose best range is known. */
class RangeChooserTest {
    private static final int N = 100_000;
    private final Random random = new Random(5);

    private static Histogram of(float[] values) {
        Histogram h = new Histogram(new double[] {1});
        h.add(values, values.length);
        return h;
    }

    private static Range choose(RangeMethod method, Histogram h) {
        return new RangeChooser(method).choose(h, RangeChooser.NOTHING);
    }

    private float[] normal(double outlier) {
        float[] values = new float[N];
        for (int i = 0; i < N; i++) {
            values[i] = (float) random.nextGaussian();
        }
        values[N / 2] = (float) outlier;
        return values;
    }

    @Test
    void minmaxTakesAll() {
        assertEquals(1000, choose(RangeMethod.MINMAX, of(normal(1000))).max(), 0);
    }

    @ParameterizedTest
    @EnumSource(value = RangeMethod.class, names = {"PERCENTILE", "ENTROPY", "MSE"})
    void oneOutlierDoesNotCost(RangeMethod method) {
        // The squared error of one number is forgiven when there are millions of others.
        Histogram h = of(normal(40));
        float[] others = normal(0);
        for (int i = 0; i < 30; i++) {
            h.add(others, N);
        }
        Range range = choose(method, h);
        assertTrue(range.max() > 2.5 && range.max() < 10, method + " chose " + range);
        assertTrue(range.min() < -2.5, method + " chose " + range);
    }

    @ParameterizedTest
    @EnumSource(RangeMethod.class)
    void anEvenDistributionKeepsItsEnds(RangeMethod method) {
        float[] values = new float[N];
        for (int i = 0; i < N; i++) {
            values[i] = random.nextFloat() * 3 - 1;
        }
        Range range = choose(method, of(values));
        assertEquals(-1, range.min(), 0.05, method.toString());
        assertEquals(2, range.max(), 0.05, method.toString());
    }

    @Test
    void worthDecides() {
        // Two channels: a wide one, and a narrow one whose errors are dear.
        float[] values = new float[2 * N];
        for (int i = 0; i < N; i++) {
            values[2 * i] = random.nextFloat() * 10;
            values[2 * i + 1] = random.nextFloat();
        }
        Histogram plain = new Histogram(new double[] {1, 1});
        Histogram weighed = new Histogram(new double[] {1, 1e6});
        plain.add(values, values.length);
        weighed.add(values, values.length);
        assertEquals(10, choose(RangeMethod.MSE, plain).max(), 0.5);
        assertTrue(choose(RangeMethod.MSE, weighed).max() < 3);
    }

    @ParameterizedTest
    @EnumSource(RangeMethod.class)
    void whereTheNextFunctionIsFlatNothingIsKept(RangeMethod method) {
        float[] values = new float[N];
        for (int i = 0; i < N; i++) {
            values[i] = random.nextFloat() * 60 - 50;
        }
        RangeChooser chooser = new RangeChooser(method);
        Range swish = chooser.choose(of(values), new Unary(Unary.Kind.SWISH)::apply);
        assertTrue(swish.min() > -12 && swish.min() < -2, method + " chose " + swish);
        assertEquals(0, chooser.choose(of(values), new Unary(Unary.Kind.RELU)::apply).min(), 0.2);
    }

    @Test
    void aStillTensorHasATypeThatHoldsZero() {
        Histogram h = of(new float[64]);
        for (RangeMethod method : RangeMethod.values()) {
            Range range = choose(method, h);
            assertTrue(range.isEmpty());
            TensorType type = range.type(Shape.of(4));
            assertEquals(0, type.quant().zeroPoint());
            assertTrue(type.quant().scale() > 0);
        }
    }

    @Test
    void zeroIsALevel() {
        for (double low = -3; low <= 0; low += 0.37) {
            TensorType type = new Range(low, 1.7).type(Shape.of(1));
            double first = -type.quant().zeroPoint() * type.quant().scale();
            assertEquals(low, first, type.quant().scale() / 2 + 1e-6);
        }
    }
}
