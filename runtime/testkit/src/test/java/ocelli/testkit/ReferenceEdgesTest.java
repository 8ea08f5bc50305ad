package ocelli.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import ocelli.core.graph.Activation;
import ocelli.core.graph.DeformConv2d;
import ocelli.core.graph.GridSample;
import ocelli.core.graph.GridSample.Filter;
import ocelli.core.graph.GridSample.Padding;
import ocelli.core.graph.MaxPoolIndices;
import ocelli.core.graph.NonMaxSuppression;
import ocelli.core.graph.Op;
import ocelli.core.graph.RoiAlign;
import ocelli.core.graph.Window;
import ocelli.core.kernel.Support;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;
import ocelli.testkit.KernelCase.Result;
import org.junit.jupiter.api.Test;

/** Numbers that a network should not, but can, compute: kernels that look them up neither throw, nor leave their memory, nor hang. */
class ReferenceEdgesTest {
    private static final float[] STRANGE = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3e38f, -3e38f, 1e10f, -1e10f, 0};

    private static Argument floats(float[] values, int... dims) {
        return Argument.activation(TensorType.of(DType.FLOAT32, dims), TestData.bytes(values));
    }

    private static Argument ramp(int... dims) {
        float[] values = new float[TensorType.of(DType.FLOAT32, dims).shape().elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 1;
        }
        return floats(values, dims);
    }

    private static byte[] run(Op op, DType output, Argument... inputs) {
        KernelCase c = KernelCase.of("edge", op, TensorType.of(output), inputs);
        try (KernelHarness harness = new KernelHarness(new ReferenceProvider(), c, Placement.GUARD_BEHIND)) {
            return harness.run(Schedule.WHOLE, new Random(0)).getFirst();
        }
    }

    /** All pairs of strange numbers. */
    private static float[] pairs() {
        float[] pairs = new float[2 * STRANGE.length * STRANGE.length];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = STRANGE[i % 2 == 0 ? i / 2 / STRANGE.length : i / 2 % STRANGE.length];
        }
        return pairs;
    }

    @Test
    void gridsPointAnywhere() {
        for (Filter filter : Filter.values()) {
            for (Padding padding : Padding.values()) {
                for (boolean corners : new boolean[] {false, true}) {
                    float[] y = TestData.floats(run(new GridSample(filter, padding, corners), DType.FLOAT32, ramp(1, 3, 5, 1),
                            floats(pairs(), 1, STRANGE.length, STRANGE.length, 2)));
                    assertEquals(8, y[y.length - 1], "the middle");
                }
            }
        }
    }

    @Test
    void offsetsPointAnywhere() {
        float[] y = TestData.floats(run(new DeformConv2d(Window.pointwise(), 1, 1, Activation.NONE), DType.FLOAT32, ramp(1, 8, 8, 1),
                floats(new float[] {2}, 1, 1, 1, 1), floats(pairs(), 1, 8, 8, 2), floats(new float[] {0.5f}, 1)));
        for (int i = 0; i < 63; i++) {
            assertEquals(0.5f, y[i], "only the bias at " + i);
        }
        assertEquals(128.5f, y[63]);
    }

    @Test
    void regionsAreAsLargeAsAFloatCanSay() {
        List<Float> corners = new ArrayList<>();
        for (float start : STRANGE) {
            for (float end : STRANGE) {
                corners.addAll(List.of(start, start, end, end));
            }
        }
        float[] regions = new float[corners.size()];
        for (int i = 0; i < regions.length; i++) {
            regions[i] = corners.get(i);
        }
        int n = regions.length / 4;
        Argument batches = Argument.activation(TensorType.of(DType.INT32, n), TestData.bytes(new int[n]));
        for (boolean average : new boolean[] {true, false}) {
            for (int ratio : new int[] {0, 3}) {
                RoiAlign op = new RoiAlign(average, 2, 2, ratio, 1, ratio == 0);
                assertTimeoutPreemptively(Duration.ofSeconds(20),
                        () -> run(op, DType.FLOAT32, ramp(1, 4, 4, 2), floats(regions, n, 4), batches));
            }
        }
    }

    @Test
    void aHugeRegionShowsTheImageAsASpeck() {
        // One bin of 2^20 × 2^20 samples, of which the 4 × 4 in the corner see the image of ones.
        float[] ones = new float[16];
        Arrays.fill(ones, 1);
        float[] y = TestData.floats(run(new RoiAlign(true, 1, 1, 0, 1, false), DType.FLOAT32, floats(ones, 1, 4, 4, 1),
                floats(new float[] {0, 0, 1 << 20, 1 << 20}, 1, 4), Argument.activation(TensorType.of(DType.INT32, 1), TestData.bytes(0))));
        assertEquals(16 * 0x1p-40, y[0], 1e-18);
    }

    @Test
    void scoresAndBoxesAreNoNumbers() {
        float[] boxes = new float[4 * STRANGE.length];
        for (int i = 0; i < boxes.length; i++) {
            boxes[i] = STRANGE[i * 5 % STRANGE.length];
        }
        for (boolean centers : new boolean[] {false, true}) {
            byte[] y = run(new NonMaxSuppression(centers, 100, 0.5f, Float.NEGATIVE_INFINITY), DType.INT64,
                    floats(boxes, 1, STRANGE.length, 4), floats(STRANGE, 1, 1, STRANGE.length));
            assertEquals(1, y[16], "the infinite score is first");
        }
    }

    @Test
    void noNumberIsTheLargestOfAWindow() {
        KernelCase c = new KernelCase("nan", new MaxPoolIndices(Window.of(2, 1), false),
                List.of(floats(new float[] {1, 5, Float.NaN, 2, Float.NaN, 9}, 1, 2, 3, 1)),
                List.of(Result.of(TensorType.of(DType.FLOAT32, 1, 1, 2, 1)), Result.of(TensorType.of(DType.INT32, 1, 1, 2, 1))));
        assertEquals("input is float32[1, 2, 3, 1], outputs are float32[1, 1, 2, 1] and int32[1, 1, 2, 1]",
                ((Support.No) new ReferenceProvider().supports(c.request(1))).reason());
        KernelCase wide = new KernelCase("nan", c.op(), c.inputs(), List.of(c.outputs().getFirst(),
                Result.of(TensorType.of(DType.INT64, 1, 1, 2, 1))));
        try (KernelHarness harness = new KernelHarness(new ReferenceProvider(), wide, Placement.PLAIN)) {
            List<byte[]> y = harness.run(Schedule.WHOLE, new Random(0));
            assertArrayEquals(new float[] {Float.NaN, Float.NaN}, TestData.floats(y.get(0)));
            assertArrayEquals(new int[] {4, 0, 2, 0}, TestData.ints(y.get(1)));
        }
    }
}
