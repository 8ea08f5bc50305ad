package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.DeformConv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FuseActivationTest {
    private static final Window POINT = Window.pointwise();
    private static final Unary RELU = new Unary(Unary.Kind.RELU);

    private final TestGraph g = new TestGraph();
    private final List<String> log = new ArrayList<>();
    private final Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 4, 4, 2));

    private Graph fuse(Graph graph) {
        return new FuseActivation(false).apply(graph, log::add);
    }

    private void stays(Graph graph) {
        assertSame(graph, fuse(graph));
        assertEquals(List.of(), log);
    }

    private Value conv(String name, Activation a) {
        return g.node(name, new Conv2d(POINT, 1, a), x, g.constant("w", TensorType.of(DType.FLOAT32, 3, 1, 1, 2)));
    }

    static Stream<Arguments> producers() {
        return Stream.of(Activation.RELU, Activation.RELU6, Activation.RELU_N1_TO_1).flatMap(a -> {
            Unary.Kind kind = a == Activation.RELU ? Unary.Kind.RELU : a == Activation.RELU6 ? Unary.Kind.RELU6 : Unary.Kind.RELU_N1_TO_1;
            return Stream.of(
                    Arguments.of(new Conv2d(POINT, 1, Activation.NONE), new int[] {3, 1, 1, 2}, kind, new Conv2d(POINT, 1, a)),
                    Arguments.of(new DepthwiseConv2d(POINT, 2, Activation.NONE), new int[] {1, 1, 1, 4}, kind, new DepthwiseConv2d(POINT, 2, a)),
                    Arguments.of(new ConvTranspose2d(POINT, 0, 0, 1, Activation.NONE), new int[] {3, 1, 1, 2}, kind,
                            new ConvTranspose2d(POINT, 0, 0, 1, a)),
                    Arguments.of(new FullyConnected(true, Activation.NONE), new int[] {5, 2}, kind, new FullyConnected(true, a)),
                    Arguments.of(new Binary(Binary.Kind.SUB, Activation.NONE), new int[] {2}, kind, new Binary(Binary.Kind.SUB, a)),
                    Arguments.of(new Pool2d(Pool2d.Kind.AVERAGE, Window.of(2, 1), Activation.NONE), new int[0], kind,
                            new Pool2d(Pool2d.Kind.AVERAGE, Window.of(2, 1), a)));
        });
    }

    @ParameterizedTest
    @MethodSource("producers")
    void clampsMoveIntoTheirProducer(Op op, int[] second, Unary.Kind kind, Op wanted) {
        Value made = second.length == 0 ? g.node("made", op, x) : g.node("made", op, x, g.constant("c", TensorType.of(DType.FLOAT32, second)));
        Value y = g.node("y", new Unary(kind), made);
        Graph source = g.outputs(y);
        Graph out = fuse(source);
        assertEquals(List.of("y into made"), log);
        assertEquals(1, out.nodes().size());
        assertEquals(wanted, out.nodes().get(0).op());
        assertEquals(source.nodes().get(0).inputs(), out.nodes().get(0).inputs());
        assertSame(y, out.outputs().get(0), "the graph's output keeps its value and name");
    }

    @Test
    void anyClipMovesIntoADeformableConvolution() {
        Value made = g.node("made", new DeformConv2d(POINT, 1, 1, Activation.NONE), x, g.constant("w", TensorType.of(DType.FLOAT32, 3, 1, 1, 2)),
                g.constant("offsets", TensorType.of(DType.FLOAT32, 1, 4, 4, 2)), g.constant("b", TensorType.of(DType.FLOAT32, 3)));
        Graph out = fuse(g.outputs(g.node("y", new Unary(Unary.Kind.CLIP, -2, 0.5f), made)));
        assertEquals(new DeformConv2d(POINT, 1, 1, new Activation(-2, 0.5f)), out.nodes().get(0).op());
        assertEquals(4, out.nodes().get(0).inputs().size());
    }

    /** Only floats and quantised integers have a fused clamp. */
    @Test
    void plainIntegersStay() {
        TestGraph t = new TestGraph();
        Value i = t.input("i", TensorType.of(DType.INT32, 3));
        stays(t.outputs(t.node("y", RELU, t.node("sum", new Binary(Binary.Kind.ADD, Activation.NONE), i, i))));
    }

    /** Only the first of two clamps: the second is another node. */
    @Test
    void aSecondActivationStays() {
        Graph out = fuse(g.outputs(g.node("z", new Unary(Unary.Kind.RELU6), g.node("y", RELU, conv("conv", Activation.NONE)))));
        assertEquals(List.of("y into conv"), log);
        assertEquals(List.of("conv", "z"), out.nodes().stream().map(Node::name).toList());
        assertEquals(Activation.RELU, ((Conv2d) out.nodes().get(0).op()).activation());
    }

    @Test
    void aProducerWithAnActivationStays() {
        stays(g.outputs(g.node("y", RELU, conv("conv", Activation.RELU6))));
    }

    @Test
    void aProducerThatOthersReadStays() {
        Value made = conv("conv", Activation.NONE);
        stays(g.outputs(g.node("y", RELU, made), g.node("z", new Unary(Unary.Kind.TANH), made)));
    }

    @Test
    void aProducerThatIsAGraphOutputStays() {
        Value made = conv("conv", Activation.NONE);
        stays(g.outputs(g.node("y", RELU, made), made));
    }

    @Test
    void otherFunctionsStay() {
        for (Unary.Kind kind : List.of(Unary.Kind.LOGISTIC, Unary.Kind.TANH, Unary.Kind.HARD_SWISH)) {
            TestGraph t = new TestGraph();
            Value in = t.input("x", x.type());
            Value made = t.node("made", new Binary(Binary.Kind.ADD, Activation.NONE), in, in);
            stays(t.outputs(t.node("y", new Unary(kind), made)));
        }
    }

    static Stream<Arguments> takeFunctions() {
        return Stream.of(
                Arguments.of(new Conv2d(POINT, 1, Activation.NONE), new int[] {3, 1, 1, 2}),
                Arguments.of(new DepthwiseConv2d(POINT, 2, Activation.NONE), new int[] {1, 1, 1, 4}),
                Arguments.of(new FullyConnected(true, Activation.NONE), new int[] {5, 2}));
    }

    @ParameterizedTest
    @MethodSource("takeFunctions")
    void functionsMoveInTheLastTurn(Op op, int[] weights) {
        for (Unary.Kind kind : Activation.FUNCTIONS) {
            Unary function = new Unary(kind, 0.25f, 0.5f);
            TestGraph t = new TestGraph();
            Value made = t.node("made", op, t.input("x", x.type()), t.constant("w", TensorType.of(DType.FLOAT32, weights)));
            Graph source = t.outputs(t.node("y", function, made));
            assertSame(source, fuse(source), "the first turn leaves it to the fusion of quantisation");
            Graph out = new FuseActivation(true).apply(source, log::add);
            assertEquals(List.of(FuseActivation.with(op, new Activation(function)).orElseThrow()),
                    out.nodes().stream().map(Node::op).toList());
            assertSame(source.outputs().get(0), out.outputs().get(0));
        }
    }

    /** Quantised operators have tables for functions, other float operators have no functions. */
    @Test
    void functionsOfOthersStay() {
        TestGraph t = new TestGraph();
        Value q = t.input("q", TensorType.quantized(DType.INT8, 0.5f, 0, 1, 2, 2, 2));
        Value conv = t.node("conv", new Conv2d(POINT, 1, Activation.NONE), DType.INT8, q.type().quant(), q,
                t.constant("w", TensorType.quantized(DType.INT8, 0.5f, 0, 3, 1, 1, 2)));
        Value pool = t.node("pool", new Pool2d(Pool2d.Kind.MAX, POINT, Activation.NONE), t.input("x", x.type()));
        Unary swish = new Unary(Unary.Kind.SWISH);
        Graph source = t.outputs(t.node("a", swish, DType.INT8, q.type().quant(), conv), t.node("b", swish, pool));
        assertSame(source, new FuseActivation(true).apply(source, log::add));
        assertEquals(List.of(), log);
    }

    @Test
    void producersWithoutAnActivationStay() {
        stays(g.outputs(g.node("y", RELU, g.node("made", new Concat(3), x, x)), g.node("z", RELU, x)));
    }

    /** Its table would round twice, the fused clamp once. */
    @Test
    void aClampThatRequantisesStays() {
        TestGraph t = new TestGraph();
        Value q = t.input("q", TensorType.quantized(DType.INT8, 0.5f, 0, 1, 2, 2, 2));
        Value made = t.node("made", new Binary(Binary.Kind.ADD, Activation.NONE), q, q);
        stays(t.outputs(t.node("y", RELU, DType.INT8, Quantization.perTensor(0.25f, -128), made)));
        TestGraph same = new TestGraph();
        Value p = same.input("p", q.type());
        Value sum = same.node("sum", new Binary(Binary.Kind.ADD, Activation.NONE), p, p);
        assertEquals(1, fuse(same.outputs(same.node("y", RELU, sum))).nodes().size());
    }

    /** The fused node stands where the activation stood, behind everything it reads. */
    @Test
    void theOrderHolds() {
        Value made = conv("conv", Activation.NONE);
        Value other = g.node("other", new Unary(Unary.Kind.TANH), x);
        Value y = g.node("y", RELU, made);
        Graph out = fuse(g.outputs(g.node("sum", new Binary(Binary.Kind.ADD, Activation.NONE), y, y), other));
        assertEquals(List.of("other", "conv", "sum"), out.nodes().stream().map(Node::name).toList());
    }
}
