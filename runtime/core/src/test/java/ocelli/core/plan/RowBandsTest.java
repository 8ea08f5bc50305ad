package ocelli.core.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RowBandsTest {
    private static final long NO_BANDS = 1L << 40;

    private final Random random = new Random(9);
    private final TestGraph g = new TestGraph();

    private Value floats(String name, int... dims) {
        float[] elements = new float[Shape.of(dims).elements()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = random.nextFloat() - 0.5f;
        }
        return g.floats(name, dims, elements);
    }

    private Value depthwise(Window window, Value x) {
        return g.node("depthwise", new DepthwiseConv2d(window, 1, Activation.RELU), x,
                floats("dw", 1, window.kernelH(), window.kernelW(), x.type().shape().channels()),
                floats("db", x.type().shape().channels()));
    }

    private Value pointwise(Value x) {
        return g.node("pointwise", new Conv2d(Window.pointwise(), 1, Activation.NONE), x,
                floats("pw", 3, 1, 1, x.type().shape().channels()), floats("pb", 3));
    }

    private static ExecutionPlan plan(Graph graph, int threads, long cacheBytes) {
        return new Planner(List.of(new ReferenceProvider()), threads, List.of(), Optional.empty(), cacheBytes).plan(graph);
    }

    /** The output of a plan on the same input for the same graph. */
    private static byte[] run(Graph graph, int threads, long cacheBytes, int steps) {
        try (ExecutionPlan plan = plan(graph, threads, cacheBytes)) {
            assertEquals(steps, plan.steps().size(), plan.notes().toString());
            Tensor in = plan.inputs().get(0);
            Random input = new Random(1);
            for (long i = 0; i < in.data().byteSize() / 4; i++) {
                in.data().setAtIndex(ValueLayout.JAVA_FLOAT, i, input.nextFloat() - 0.5f);
            }
            for (Step s : plan.steps()) {
                // One tile after the other, in turn by each thread.
                for (int t = 0; t < s.tiles(); t++) {
                    s.kernel().run(t, t + 1, t % threads);
                }
            }
            return plan.outputs().get(0).data().toArray(ValueLayout.JAVA_BYTE);
        }
    }

    static Stream<Window> windows() {
        return Stream.of(Window.same(3, 3, 1, 1, 1, 1, 97, 24), Window.same(3, 3, 2, 2, 1, 1, 97, 24), Window.of(3, 1), Window.of(2, 2),
                new Window(5, 3, 1, 1, 2, 1, 4, 1, 0, 1), new Window(3, 3, 3, 1, 1, 1, 2, 0, 1, 0),
                new Window(1, 1, 2, 2, 1, 1, 0, 0, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("windows")
    void bandsComputeTheSame(Window window) {
        Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 97, 24, 5));
        Graph graph = g.outputs(pointwise(depthwise(window, x)));
        byte[] apart = run(graph, 1, NO_BANDS, 2);
        for (int threads : new int[] {1, 2}) {
            assertArrayEquals(apart, run(graph, threads, 1024, 1), threads + " threads");
        }
    }

    @Test
    void theMiddleIsNotInMemory() {
        Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 48, 24, 5));
        Graph graph = g.outputs(pointwise(depthwise(Window.same(3, 3, 1, 1, 1, 1, 48, 24), x)));
        try (ExecutionPlan plan = plan(graph, 2, 8192)) {
            // Of 24·5 floats a row, a quarter of the cache holds four rows.
            long middle = 4 * 24 * 5 * 4;
            assertEquals(List.of("depthwise", "pointwise"), plan.steps().get(0).nodes().stream().map(n -> n.name()).toList());
            assertEquals(12, plan.steps().get(0).tiles());
            assertEquals(2 * middle, plan.steps().get(0).scratchBytes());
            assertEquals(48 * 24 * 5 * 4 + 48 * 24 * 3 * 4 + 2 * middle, plan.arenaBytes());
            String note = "bands: depthwise + pointwise by 4 rows, the 23040 bytes between them become 1920 for each thread";
            assertTrue(plan.notes().contains(note), plan.notes().toString());
        }
    }

    @Test
    void whatFitsIntoTheCacheStays() {
        Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 48, 24, 5));
        Graph graph = g.outputs(pointwise(depthwise(Window.same(3, 3, 1, 1, 1, 1, 48, 24), x)));
        run(graph, 1, 48 * 24 * 5 * 4, 2);
        run(graph, 1, 48 * 24 * 5 * 4 - 1, 1);
    }

    @Test
    void whatSomebodyElseReadsStays() {
        Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 48, 24, 5));
        Value middle = depthwise(Window.same(3, 3, 1, 1, 1, 1, 48, 24), x);
        run(g.outputs(pointwise(middle), middle), 1, 1024, 2);
    }

    @Test
    void whatIsReadInPartsStays() {
        Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 48, 24, 5));
        Value middle = depthwise(Window.same(3, 3, 1, 1, 1, 1, 48, 24), x);
        Value part = g.node("part", new Slice(List.of(0, 0, 0, 0), List.of(1, 48, 24, 2), List.of(1, 1, 1, 1)), middle);
        run(g.outputs(pointwise(middle), part), 1, 1024, 3);
    }

    @Test
    void severalImagesAndLowPicturesStay() {
        Value x = g.input("x", TensorType.of(DType.FLOAT32, 2, 48, 24, 5));
        run(g.outputs(pointwise(depthwise(Window.of(3, 1), x))), 1, 1024, 2);
        TestGraph low = new TestGraph();
        Value y = low.input("y", TensorType.of(DType.FLOAT32, 1, 3, 400, 5));
        Value d = low.node("d", new DepthwiseConv2d(Window.of(1, 1), 1, Activation.NONE), y,
                low.constant("w", TensorType.of(DType.FLOAT32, 1, 1, 1, 5)));
        Value p = low.node("p", new Conv2d(Window.pointwise(), 1, Activation.NONE), d,
                low.constant("v", TensorType.of(DType.FLOAT32, 3, 1, 1, 5)));
        run(low.outputs(p), 2, 1024, 2);
    }
}
