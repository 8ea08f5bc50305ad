package ocelli.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Split;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

/** Which copies become addresses, and which must not. What they compute is tested on random networks in testkit. */
class ViewsTest {
    private static final Unary TANH = new Unary(Unary.Kind.TANH);
    private static final Conv2d POINTWISE = new Conv2d(Window.pointwise(), 1, Activation.NONE);

    private final TestGraph g = new TestGraph();
    private final Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 4, 5, 6));

    /** Takes everything, gaps between pixels only in some operators. */
    private record Picky(List<Class<? extends Op>> strided) implements KernelProvider {
        @Override
        public String name() {
            return "picky";
        }

        @Override
        public Availability availability() {
            return new Availability(true, "fake");
        }

        @Override
        public Support supports(KernelRequest request) {
            return request.isDense() || strided.contains(request.op().getClass()) ? new ReferenceProvider().supports(request)
                    : Support.no("operands are not dense");
        }

        @Override
        public Kernel bind(KernelRequest request, KernelMemory memory) {
            return new ReferenceProvider().bind(request, memory);
        }
    }

    private static ExecutionPlan plan(Graph graph, KernelProvider... providers) {
        return new Planner(List.of(providers), 1, List.of()).plan(graph);
    }

    private static List<String> steps(ExecutionPlan plan) {
        return plan.steps().stream().map(s -> s.node().op().name() + " " + s.node().output().name()).toList();
    }

    private Value conv(String name, Value in, int channels) {
        return g.node(name, POINTWISE, in, g.constant(name + " weights",
                TensorType.of(DType.FLOAT32, channels, 1, 1, in.type().shape().channels())));
    }

    private List<Value> split(Value in, int axis, Integer... sizes) {
        Split op = new Split(axis, List.of(sizes));
        List<Value> outs = new ArrayList<>();
        List<Shape> shapes = op.outputShapes(List.of(in.type()));
        for (int i = 0; i < shapes.size(); i++) {
            outs.add(Value.of("part" + i, in.type().withShape(shapes.get(i))));
        }
        g.node(new Node("split", op, List.of(in), outs));
        return outs;
    }

    @Test
    void piecesAreReadWhereTheyLie() {
        Value t = g.node("t", TANH, x);
        List<Value> parts = split(t, 3, 2, 4);
        Value y = conv("y", parts.get(1), 3);
        Value z = conv("z", parts.get(0), 3);
        try (ExecutionPlan plan = plan(g.outputs(y, z), new Picky(List.of(Conv2d.class)))) {
            assertEquals(List.of("Tanh t", "Conv2d y", "Conv2d z"), steps(plan));
            assertEquals(List.of("view: part0 of t", "view: part1 of t"), plan.notes());
        }
    }

    /** A piece that a kernel wants dense is copied alone. */
    @Test
    void whatCannotBeAViewIsCopiedAlone() {
        List<Value> parts = split(g.node("t", TANH, x), 3, 2, 4);
        Value y = conv("y", parts.get(1), 3);
        Value z = g.node("z", TANH, parts.get(0));
        Graph graph = g.outputs(y, z);
        try (ExecutionPlan plan = plan(graph, new Picky(List.of(Conv2d.class)))) {
            assertEquals(List.of("Tanh t", "Slice part0", "Conv2d y", "Tanh z"), steps(plan));
            assertEquals(List.of("view: part1 of t"), plan.notes());
        }
        try (ExecutionPlan plan = plan(graph, new Picky(List.of()))) {
            assertEquals(List.of("Tanh t", "Split part0", "Conv2d y", "Tanh z"), steps(plan));
            assertEquals(List.of(), plan.notes());
        }
    }

    /** A view that sends an operator to a later provider is none. */
    @Test
    void theProvidersOrderStays() {
        List<Value> parts = split(g.node("t", TANH, x), 3, 2, 4);
        Graph graph = g.outputs(g.node("y", TANH, parts.get(0)), g.node("z", TANH, parts.get(1)));
        try (ExecutionPlan plan = plan(graph, new Picky(List.of()), new ReferenceProvider())) {
            assertTrue(plan.steps().stream().allMatch(s -> s.provider().equals("picky")), plan.steps().toString());
            assertEquals(4, plan.steps().size());
        }
        try (ExecutionPlan plan = plan(graph, new ReferenceProvider())) {
            assertEquals(3, plan.steps().size());
        }
    }

    /** Pieces along the first dimensions have no gaps: every kernel takes them. */
    @Test
    void leadingPiecesNeedNobodysConsent() {
        Value t = g.node("t", TANH, x);
        Value rows = g.node("rows", new Slice(List.of(0, 1, 0, 0), List.of(1, 2, 5, 6), List.of(1, 1, 1, 1)), t);
        Value pixels = g.node("pixels", new Slice(List.of(0, 3, 1, 0), List.of(1, 1, 3, 6), List.of(1, 1, 1, 1)), t);
        Value across = g.node("across", new Slice(List.of(0, 0, 1, 0), List.of(1, 4, 3, 6), List.of(1, 1, 1, 1)), t);
        Value skips = g.node("skips", new Slice(List.of(0, 0, 0, 0), List.of(1, 2, 5, 6), List.of(1, 2, 1, 1)), t);
        try (ExecutionPlan plan = plan(g.outputs(g.node("a", TANH, rows), g.node("b", TANH, pixels), g.node("c", TANH, across),
                g.node("d", TANH, skips)),
                new Picky(List.of()))) {
            assertEquals(List.of("view: rows of t", "view: pixels of t"), plan.notes());
            assertEquals(List.of("Tanh t", "Slice across", "Slice skips", "Tanh a", "Tanh b", "Tanh c", "Tanh d"), steps(plan));
        }
    }

    @Test
    void inputsOfAConcatAreWrittenInPlace() {
        Value a = conv("a", x, 3);
        Value b = conv("b", x, 2);
        Value y = g.node("y", new Concat(3), a, b);
        try (ExecutionPlan plan = plan(g.outputs(y), new Picky(List.of(Conv2d.class)))) {
            assertEquals(List.of("Conv2d a", "Conv2d b"), steps(plan));
            assertEquals(List.of("view: a of y", "view: b of y"), plan.notes());
            assertEquals(4 * 5 * 5 * 4, plan.outputs().get(0).data().byteSize());
        }
    }

    /** A value read twice, a graph's input, a constant, and one of another quantisation are copied into the result. */
    @Test
    void othersAreCopiedIntoTheResult() {
        Value a = conv("a", x, 30);
        Value c = g.constant("c", TensorType.of(DType.FLOAT32, 1, 4, 5, 2));
        Value y = g.node("y", new Concat(3), a, x, c);
        try (ExecutionPlan plan = plan(g.outputs(y, g.node("z", TANH, a)), new ReferenceProvider())) {
            assertEquals(List.of("Conv2d a", "Slice x", "Slice c", "Tanh z"), steps(plan));
            assertEquals(List.of("view: a of y"), plan.notes());
        }
        TestGraph q = new TestGraph();
        Value in = q.input("q", TensorType.quantized(DType.INT8, 1, 0, 1, 4));
        Value t = q.node("t", TANH, in);
        Value u = q.node("u", TANH, DType.INT8, Quantization.perTensor(0.5f, 0), t);
        Value twice = q.node("twice", new Concat(0), t, t, u);
        try (ExecutionPlan plan = plan(q.outputs(twice), new ReferenceProvider())) {
            assertEquals(List.of("Tanh t", "Tanh u", "Concat twice"), steps(plan));
        }
    }

    /** Levels of a detector: each head is reshaped, the rows are joined, and the reshaped value is the one with a place. */
    @Test
    void reshapedHeadsAreWrittenInPlace() {
        Value a = g.node("a rows", new Reshape(Shape.of(1, 20, 3)), conv("a", x, 3));
        Value b = g.node("b rows", new Reshape(Shape.of(1, 40, 3)), conv("b", x, 6));
        Value y = g.node("y", new Concat(1), a, b);
        try (ExecutionPlan plan = plan(g.outputs(y), new Picky(List.of()))) {
            assertEquals(List.of("Conv2d a", "Conv2d b"), steps(plan));
            assertEquals(List.of("view: a rows of a", "view: b rows of b", "view: a rows of y", "view: b rows of y"), plan.notes());
        }
    }

    /** Between the pixels of a result there is no room for another number of channels. */
    @Test
    void reshapesThatJoinPixelsKeepTheirMemory() {
        Value a = conv("a", x, 3);
        Value flat = g.node("flat", new Reshape(Shape.of(60)), a);
        Value b = conv("b", x, 3);
        Value y = g.node("y", new Concat(3), a, b);
        try (ExecutionPlan plan = plan(g.outputs(y, g.node("z", TANH, flat)), new ReferenceProvider())) {
            assertEquals(List.of("Conv2d a", "Conv2d b", "Slice a", "Tanh z"), steps(plan));
            assertEquals(List.of("view: flat of a", "view: b of y"), plan.notes());
        }
    }

    @Test
    void concatsInConcats() {
        Value a = conv("a", x, 3);
        Value b = conv("b", x, 2);
        Value inner = g.node("inner", new Concat(3), a, b);
        Value c = conv("c", inner, 4);
        Value outer = g.node("outer", new Concat(3), c, inner);
        try (ExecutionPlan plan = plan(g.outputs(outer), new Picky(List.of(Conv2d.class)))) {
            assertEquals(List.of("Conv2d a", "Conv2d b", "Conv2d c"), steps(plan));
            assertEquals(List.of("view: a of inner", "view: b of inner", "view: c of outer", "view: inner of outer"), plan.notes());
        }
    }

    /** Callers get outputs without gaps, with memory that no other output is a part of when it is not aligned. */
    @Test
    void outputsAreDenseAndAligned() {
        List<Value> parts = split(g.node("t", TANH, x), 3, 2, 4);
        Value a = conv("a", x, 3);
        Value b = conv("b", x, 3);
        Value y = g.node("y", new Concat(3), a, b);
        Value first = g.node("first", new Slice(List.of(0, 0, 0, 0), List.of(1, 2, 5, 6), List.of(1, 1, 1, 1)), g.node("u", TANH, x));
        try (ExecutionPlan plan = plan(g.outputs(parts.get(1), a, y, first), new ReferenceProvider())) {
            plan.outputs().forEach(t -> assertEquals(0, t.data().address() % MemoryPlan.ALIGNMENT));
            assertTrue(plan.notes().contains("view: b of y"), plan.notes().toString());
            assertTrue(plan.notes().contains("view: first of u"), plan.notes().toString());
            assertTrue(plan.notes().stream().noneMatch(n -> n.startsWith("view: a") || n.startsWith("view: part1")), plan.notes()
                    .toString());
        }
    }

    /** What a kernel gets is exactly the elements that it may touch. */
    @Test
    void segmentsOfViewsEndWithTheirLastPixel() {
        List<Long> sizes = new ArrayList<>();
        KernelProvider spy = new KernelProvider() {
            @Override
            public String name() {
                return "spy";
            }

            @Override
            public Availability availability() {
                return new Availability(true, "fake");
            }

            @Override
            public Support supports(KernelRequest request) {
                return new ReferenceProvider().supports(request);
            }

            @Override
            public Kernel bind(KernelRequest request, KernelMemory memory) {
                sizes.add(memory.input(0).byteSize());
                sizes.add(memory.output(0).byteSize());
                return new ReferenceProvider().bind(request, memory);
            }
        };
        List<Value> parts = split(g.node("t", TANH, x), 3, 2, 4);
        Value y = g.node("y", new Concat(3), conv("a", parts.get(0), 1), conv("b", parts.get(1), 2));
        try (ExecutionPlan plan = plan(g.outputs(y), spy)) {
            assertEquals(3, plan.steps().size());
            assertEquals(List.of(480L, 480L, 4L * (19 * 6 + 2), 4L * (19 * 3 + 1), 4L * (19 * 6 + 4), 4L * (19 * 3 + 2)), sizes);
        }
    }
}
