package ocelli.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.Tile;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.pass.Passes;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final Unary TANH = new Unary(Unary.Kind.TANH);
    private static final TensorType FLOATS = TensorType.of(DType.FLOAT32, 4, 16);

    private final TestGraph g = new TestGraph();
    private final Value x = g.input("x", FLOATS);

    private static ExecutionPlan plan(Graph graph, int threads, KernelProvider... providers) {
        return new Planner(List.of(providers), threads, List.of()).plan(graph);
    }

    @Test
    void theFirstProviderThatTakesANodeGetsItAndTheOthersReasonsStay() {
        FakeProvider first = FakeProvider.taking("first", Softmax.class);
        FakeProvider absent = new FakeProvider("absent", new KernelProvider.Availability(false, "no such processor"), 0, List.of(Unary.class));
        FakeProvider second = FakeProvider.taking("second", Unary.class, Softmax.class);
        Value y = g.node("y", TANH, x);
        Graph graph = g.outputs(g.node("z", new Softmax(1), y));
        try (ExecutionPlan plan = plan(graph, 2, absent, first, second)) {
            Step tanh = plan.steps().get(0);
            assertEquals("second", tanh.provider());
            assertEquals("TanhFake", tanh.kernelName());
            assertEquals("fake", tanh.tier());
            assertEquals(List.of("absent: not available: no such processor", "first: does not like Tanh"), tanh.refusals());
            assertEquals(3, tanh.tiles());
            assertEquals("first", plan.steps().get(1).provider());
            assertEquals(List.of("absent: not available: no such processor"), plan.steps().get(1).refusals());
            assertTrue(absent.asked.isEmpty(), "a provider that is not available is not asked");
            assertEquals(1, second.asked.size(), "nobody is asked behind the one that takes it");
            assertEquals(2, second.asked.get(0).threads());
        }
    }

    @Test
    void everythingThatNobodyTakesIsListedAtOnce() {
        Value y = g.node("y", TANH, x);
        Value z = g.node("z", new Softmax(1), y);
        Graph graph = g.outputs(g.node("w", TANH, z));
        UnsupportedModelException e = assertThrows(UnsupportedModelException.class,
                () -> plan(graph, 1, FakeProvider.taking("a", Softmax.class), FakeProvider.taking("b")));
        assertEquals(List.of("node y (Tanh of [float32[4, 16]]): a: does not like Tanh; b: does not like Tanh",
                "node w (Tanh of [float32[4, 16]]): a: does not like Tanh; b: does not like Tanh"), e.reasons());
        assertTrue(e.getMessage().startsWith("test: "), e.getMessage());
        UnsupportedModelException none = assertThrows(UnsupportedModelException.class, () -> plan(graph, 1));
        assertEquals(3, none.reasons().size());
    }

    @Test
    void aReshapeIsAView() {
        Value flat = g.node("flat", new Reshape(Shape.of(64)), x);
        Value again = g.node("again", new Reshape(Shape.of(2, 32)), flat);
        Value y = g.node("y", TANH, again);
        try (ExecutionPlan plan = plan(g.outputs(y, again), 1, new ReferenceProvider())) {
            assertEquals(1, plan.steps().size());
            assertEquals(List.of("view: flat of x", "view: again of flat"), plan.notes());
            assertEquals(plan.inputs().get(0).data().address(), plan.outputs().get(1).data().address());
            assertNotEquals(plan.inputs().get(0).data().address(), plan.outputs().get(0).data().address());
            assertEquals(2 * 256, plan.arenaBytes());
        }
    }

    /** The bytes change with the quantisation, and a constant has no place in the arena. */
    @Test
    void aReshapeThatRequantisesOrCopiesAConstantIsAStep() {
        TestGraph t = new TestGraph();
        Value q = t.input("q", TensorType.quantized(DType.INT8, 0.5f, 0, 4));
        Value y = t.node("y", new Reshape(Shape.of(2, 2)), DType.INT8, Quantization.perTensor(0.25f, 1), q);
        Value c = t.node("c", new Reshape(Shape.of(2, 2)), t.constant("constant", TensorType.of(DType.FLOAT32, 4)));
        try (ExecutionPlan plan = plan(t.outputs(y, c), 1, new ReferenceProvider())) {
            assertEquals(2, plan.steps().size());
        }
    }

    @Test
    void aChainLivesInThreePlaces() {
        Value v = x;
        for (int i = 0; i < 10; i++) {
            v = g.node("n" + i, TANH, v);
        }
        try (ExecutionPlan plan = plan(g.outputs(v), 1, new ReferenceProvider())) {
            // The input keeps its place, for a second run reads it again; two more take turns.
            assertEquals(3 * 256, plan.arenaBytes());
            assertEquals(plan.memory().lowerBound(), plan.arenaBytes());
        }
    }

    @Test
    void valuesThatLiveTogetherDoNotShareMemory() {
        List<Value> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(g.node("n" + i, TANH, x));
        }
        try (ExecutionPlan plan = plan(g.outputs(made.toArray(Value[]::new)), 1, new ReferenceProvider())) {
            assertEquals(6 * 256, plan.arenaBytes());
            assertEquals(5, plan.outputs().stream().map(t -> t.data().address()).distinct().count());
            plan.outputs().forEach(t -> assertEquals(0, t.data().address() % MemoryPlan.ALIGNMENT));
        }
    }

    @Test
    void everyThreadHasScratchMemoryOfItsOwn() {
        FakeProvider provider = new FakeProvider("p", new KernelProvider.Availability(true, "fake"), 100, List.of(Unary.class));
        try (ExecutionPlan plan = plan(g.outputs(g.node("y", TANH, x)), 3, provider)) {
            assertEquals(3 * 128, plan.steps().get(0).scratchBytes());
            KernelMemory memory = provider.bound.get(0);
            List<MemorySegment> all = List.of(memory.input(0), memory.output(0), memory.scratch(0), memory.scratch(1), memory.scratch(2));
            for (MemorySegment a : all) {
                assertEquals(0, a.address() % MemoryPlan.ALIGNMENT);
                for (MemorySegment b : all) {
                    assertTrue(a == b || a.address() + a.byteSize() <= b.address() || b.address() + b.byteSize() <= a.address());
                }
            }
            assertTrue(memory.scratch(2).byteSize() >= 100);
            assertEquals(0, plan.constantBytes());
            assertEquals(0, memory.allocate(10).address() % MemoryPlan.ALIGNMENT);
        }
    }

    @Test
    void inputsAndConstantsMayBeOutputs() {
        Value c = g.constant("c", TensorType.of(DType.FLOAT32, 1), new byte[] {0, 0, (byte) 0x80, 0x3f});
        try (ExecutionPlan plan = plan(g.outputs(x, c), 1)) {
            assertTrue(plan.steps().isEmpty());
            assertEquals(plan.inputs().get(0).data().address(), plan.outputs().get(0).data().address());
            assertEquals(1f, plan.outputs().get(1).get(0));
        }
    }

    @Test
    void anArenaBeyondAllBoardsIsRefused() {
        Value big = g.node("big", new Tile(List.of(1 << 12, 1 << 12)), x);
        UnsupportedModelException e = assertThrows(UnsupportedModelException.class,
                () -> plan(g.outputs(g.node("y", TANH, big)), 1, FakeProvider.taking("p", Tile.class, Unary.class)));
        assertTrue(e.getMessage().contains("the limit is 2147483648; the largest is big with 4294967296"), e.getMessage());
    }

    /** A kernel may refuse to be bound, such as when memory runs out: the plan's memory does not stay behind. */
    @Test
    void memoryIsFreedWhenBindingFails() {
        List<MemorySegment> seen = new ArrayList<>();
        KernelProvider failing = new KernelProvider() {
            @Override
            public String name() {
                return "failing";
            }

            @Override
            public Availability availability() {
                return new Availability(true, "fake");
            }

            @Override
            public Support supports(KernelRequest request) {
                return Support.yes("FailingFake", "fake");
            }

            @Override
            public Kernel bind(KernelRequest request, KernelMemory memory) {
                seen.add(memory.input(0));
                throw new IllegalStateException("cannot bind");
            }
        };
        assertThrows(IllegalStateException.class, () -> plan(g.outputs(g.node("y", TANH, x)), 1, failing));
        assertFalse(seen.get(0).scope().isAlive());
    }

    @Test
    void passesRunBeforePlanning() {
        Value half = g.constant("half", TensorType.of(DType.FLOAT16, 16));
        Value c = g.node("c", new Dequantize(), DType.FLOAT32, Quantization.NONE, half);
        Value sum = g.node("sum", new Binary(Binary.Kind.ADD, Activation.NONE), x, c);
        Graph graph = g.outputs(g.node("y", new Unary(Unary.Kind.RELU), sum));
        try (ExecutionPlan plan = new Planner(List.of(new ReferenceProvider()), 1, Passes.standard()).plan(graph)) {
            assertEquals(1, plan.steps().size());
            assertEquals(new Binary(Binary.Kind.ADD, Activation.RELU), plan.graph().nodes().get(0).op());
            assertEquals(List.of("fold-constants: c", "fuse-activation: y into sum"), plan.notes());
            assertEquals("y", plan.outputs().get(0).name());
        }
        assertEquals(3, graph.nodes().size());
    }

    /** Scales per channel are for weights; elsewhere a kernel would take the first of them for all. */
    @Test
    void scalesPerChannelAreForWeights() {
        TestGraph t = new TestGraph();
        TensorType perChannel = new TensorType(DType.INT8, Shape.of(4, 2), Quantization.perAxis(new float[] {1, 2}, new int[2], 1));
        Value q = t.input("q", perChannel);
        Value a = t.node("a", TANH, q);
        Value p = t.input("p", TensorType.quantized(DType.INT8, 1, 0, 4, 2));
        Value b = t.node("b", new Quantize(), DType.INT8, perChannel.quant(), p);
        UnsupportedModelException e = assertThrows(UnsupportedModelException.class, () -> plan(t.outputs(a, b), 1, new ReferenceProvider()));
        assertEquals(2, e.reasons().size());
        assertTrue(e.reasons().get(0).contains("input 0 is quantised per channel: int8[4, 2]"), e.getMessage());
        assertTrue(e.reasons().get(1).contains("output is quantised per channel"), e.getMessage());
        TestGraph d = new TestGraph();
        Value real = d.node("real", new Dequantize(), DType.FLOAT32, Quantization.NONE, d.input("q", perChannel));
        try (ExecutionPlan plan = plan(d.outputs(real), 1, new ReferenceProvider())) {
            plan.inputs().get(0).data().fill((byte) 3);
            plan.steps().get(0).kernel().run(0, plan.steps().get(0).tiles(), 0);
            assertEquals(3f, plan.outputs().get(0).data().getAtIndex(ValueLayout.JAVA_FLOAT, 0));
            assertEquals(6f, plan.outputs().get(0).data().getAtIndex(ValueLayout.JAVA_FLOAT, 1));
        }
        TestGraph r = new TestGraph();
        Value quantised = r.node("quantised", new Quantize(), DType.INT8, perChannel.quant(),
                r.input("f", TensorType.of(DType.FLOAT32, 4, 2)));
        try (ExecutionPlan plan = plan(r.outputs(quantised), 1, new ReferenceProvider())) {
            plan.inputs().get(0).data().setAtIndex(ValueLayout.JAVA_FLOAT, 2, 6);
            plan.inputs().get(0).data().setAtIndex(ValueLayout.JAVA_FLOAT, 3, 6);
            plan.steps().get(0).kernel().run(0, plan.steps().get(0).tiles(), 0);
            assertEquals(6, plan.outputs().get(0).get(2));
            assertEquals(3, plan.outputs().get(0).get(3));
        }
    }
}
