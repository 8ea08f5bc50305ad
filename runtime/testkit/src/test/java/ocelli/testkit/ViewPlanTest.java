package ocelli.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
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
import ocelli.core.plan.ExecutionPlan;
import ocelli.core.plan.Planner;
import ocelli.core.plan.Step;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

/**
 * Random networks of little else than splits, slices, joins and reshapes: what is read and written in place computes what
 * {@link GraphInterpreter} does with memory for each value, and no kernel writes what lies between its pixels.
 */
class ViewPlanTest {
    private static final int GRAPHS = 1_500;
    private static final int LARGEST = 2_000;

    private final Set<Class<? extends Op>> strided = new HashSet<>();
    private Random random;
    private final List<Value> values = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();

    /** The reference, which says no to gaps in the operators of this network's choice. */
    private final class Picky implements KernelProvider {
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

    private Graph graph(int seed) {
        random = new Random(TestData.seed() * 500_009L + seed);
        values.clear();
        nodes.clear();
        strided.clear();
        for (Class<? extends Op> op : List.of(Conv2d.class, Unary.class, Concat.class, Split.class, Slice.class)) {
            if (random.nextInt(3) > 0) {
                strided.add(op);
            }
        }
        DType type = random.nextBoolean() ? DType.INT8 : DType.UINT8;
        TensorType t = TensorType.quantized(type, 0.1f, TestData.zeroPoint(type, random), random.nextInt(4) > 0 ? 1 : 2,
                1 + random.nextInt(4), 1 + random.nextInt(4), 2 + random.nextInt(6));
        Value input = Value.of("input", t);
        values.add(input);
        int wanted = 3 + random.nextInt(14);
        for (int i = 0; i < wanted; i++) {
            step(values.get(random.nextInt(3) > 0 ? values.size() - 1 : random.nextInt(values.size())));
        }
        List<Value> outputs = new ArrayList<>(List.of(values.getLast()));
        for (int i = random.nextInt(3); i > 0; i--) {
            outputs.add(values.get(random.nextInt(values.size())));
        }
        return new Graph("views " + seed, List.of(input), outputs, nodes);
    }

    private void step(Value x) {
        Shape s = x.type().shape();
        int axis = random.nextInt(3) == 0 ? random.nextInt(s.rank()) : s.rank() - 1;
        switch (random.nextInt(8)) {
            case 0 -> node(new Unary(Unary.Kind.RELU), x);
            case 1, 2 -> {
                if (s.rank() == 4) {
                    int channels = 1 + random.nextInt(6);
                    TensorType w = new TensorType(DType.INT8, Shape.of(channels, 1, 1, s.channels()), Quantization.perTensor(0.3f, 0));
                    node(new Conv2d(Window.pointwise(), 1, Activation.NONE), x,
                            Value.constant("w", w, MemorySegment.ofArray(TestData.of(w, random))));
                } else {
                    node(new Unary(Unary.Kind.RELU6), x);
                }
            }
            case 3 -> split(x, axis);
            case 4 -> slice(x, axis);
            case 5 -> {
                List<Shape> shapes = new ArrayList<>(List.of(Shape.of(s.elements()), Shape.of(s.elements() / s.channels(), s.channels()),
                        Shape.of(1, s.elements() / s.channels(), 1, s.channels())));
                if (s.channels() % 2 == 0) {
                    shapes.add(Shape.of(1, s.elements() / s.channels(), 2, s.channels() / 2));
                }
                node(new Reshape(shapes.get(random.nextInt(shapes.size()))), x);
            }
            default -> concat(x, axis);
        }
    }

    private void node(Op op, Value... in) {
        Shape shape = op.outputShapes(List.of(in).stream().map(Value::type).toList()).getFirst();
        if (shape.elements() <= LARGEST) {
            Value out = Value.of(op.name() + nodes.size(), in[0].type().withShape(shape));
            nodes.add(new Node(out.name(), op, List.of(in), List.of(out)));
            values.add(out);
        }
    }

    private void split(Value x, int axis) {
        int n = x.type().shape().dim(axis);
        List<Integer> sizes = new ArrayList<>();
        for (int rest = n; rest > 0; rest -= sizes.getLast()) {
            sizes.add(1 + random.nextInt(rest));
        }
        Split op = new Split(axis, sizes);
        List<Value> outs = op.outputShapes(List.of(x.type())).stream()
                .map(s -> Value.of("part" + nodes.size(), x.type().withShape(s))).toList();
        nodes.add(new Node("split" + nodes.size(), op, List.of(x), outs));
        values.addAll(outs);
    }

    private void slice(Value x, int axis) {
        Shape s = x.type().shape();
        boolean two = random.nextInt(3) == 0;
        List<Integer> begin = new ArrayList<>();
        List<Integer> size = new ArrayList<>();
        for (int d = 0; d < s.rank(); d++) {
            boolean cut = d == axis || two && d == 1;
            begin.add(cut ? random.nextInt(s.dim(d)) : 0);
            size.add(cut ? 1 + random.nextInt(s.dim(d) - begin.getLast()) : s.dim(d));
        }
        node(new Slice(begin, size, IntStream.range(0, s.rank()).mapToObj(_ -> 1).toList()), x);
    }

    private void concat(Value x, int axis) {
        List<Value> parts = new ArrayList<>(List.of(x));
        for (int i = values.size() - 1; i >= 0 && parts.size() < 4; i--) {
            Value v = values.get(i);
            Shape s = v.type().shape();
            if ((v != x || random.nextInt(8) == 0) && s.rank() == x.type().shape().rank() && IntStream.range(0, s.rank())
                    .allMatch(d -> d == axis || s.dim(d) == x.type().shape().dim(d))) {
                parts.add(random.nextInt(parts.size() + 1), v);
            }
        }
        if (random.nextInt(6) == 0) {
            parts.add(Value.constant("c", x.type(), MemorySegment.ofArray(TestData.of(x.type(), random))));
        }
        if (parts.size() > 1) {
            node(new Concat(axis), parts.toArray(Value[]::new));
        }
    }

    @Test
    void viewsComputeWhatCopiesDo() {
        int read = 0;
        int written = 0;
        for (int i = 0; i < GRAPHS; i++) {
            Graph graph = graph(i);
            List<KernelProvider> providers = random.nextBoolean() ? List.of(new ReferenceProvider())
                    : List.of(new Picky(), new ReferenceProvider());
            List<byte[]> inputs = PlanContract.inputs(graph, i);
            List<byte[]> wanted = GraphInterpreter.run(graph, inputs);
            try (ExecutionPlan plan = new Planner(providers, 1, List.of()).plan(graph)) {
                plan.inputs().get(0).data().copyFrom(MemorySegment.ofArray(inputs.get(0)));
                for (int run = 0; run < 2; run++) {
                    for (Step step : plan.steps()) {
                        step.kernel().run(0, step.tiles(), 0);
                        // A view must not move work to a later provider.
                        assertTrue(step.provider().equals(providers.get(0).name()), graph.name() + " " + step);
                    }
                    PlanContract.same(graph, plan.notes() + " run " + run, wanted,
                            plan.outputs().stream().map(t -> t.data().toArray(ValueLayout.JAVA_BYTE)).toList());
                }
                Set<String> joined = new HashSet<>(nodes.stream().filter(n -> n.op() instanceof Concat).map(Node::name).toList());
                written += (int) plan.notes().stream().filter(n -> joined.contains(n.substring(n.lastIndexOf(' ') + 1))
                        && !n.startsWith("view: Reshape")).count();
                read += (int) plan.notes().stream().filter(n -> n.startsWith("view: part") || n.startsWith("view: Slice")).count();
            }
        }
        System.out.println(GRAPHS + " graphs: " + read + " notes of pieces, " + written + " of values in a Concat");
        assertTrue(read > GRAPHS / 3 && written > GRAPHS / 3, read + " and " + written);
    }
}
