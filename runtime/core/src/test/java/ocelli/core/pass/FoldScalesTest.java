package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FoldScalesTest {
    private static final Window WINDOW = Window.of(2, 1);
    private static final Conv2d CONV = new Conv2d(WINDOW, 1, Activation.NONE);
    private static final int[] WEIGHTS = {4, 2, 2, 2};

    private final TestGraph g = new TestGraph();
    private final List<String> log = new ArrayList<>();
    private final Random random = new Random(3);
    private final Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 4, 4, 2));

    private Graph fold(Graph graph) {
        return new FoldScales().apply(graph, log::add);
    }

    private void stays(Graph graph) {
        assertSame(graph, fold(graph));
        assertEquals(List.of(), log);
    }

    private Value random(String name, int... dims) {
        int n = 1;
        for (int d : dims) {
            n *= d;
        }
        float[] elements = new float[n];
        for (int i = 0; i < n; i++) {
            elements[i] = (float) random.nextGaussian();
        }
        return g.floats(name, dims, elements);
    }

    private Value conv(Op op, boolean bias, int... weights) {
        Value w = random("w", weights);
        int channels = op instanceof DepthwiseConv2d ? weights[3] : weights[0];
        return bias ? g.node("conv", op, x, w, random("b", channels)) : g.node("conv", op, x, w);
    }

    private Value binary(String name, Binary.Kind kind, Value a, Value b) {
        Value like = a.isConstant() ? b : a;
        return g.node(name, new Binary(kind, Activation.NONE), like.type().dtype(), like.type().quant(), a, b);
    }

    static Stream<Arguments> operators() {
        return Stream.of(
                Arguments.of(CONV, WEIGHTS),
                Arguments.of(new Conv2d(WINDOW, 2, Activation.NONE), new int[] {4, 2, 2, 1}),
                Arguments.of(new DepthwiseConv2d(WINDOW, 2, Activation.NONE), new int[] {1, 2, 2, 4}),
                Arguments.of(new FullyConnected(true, Activation.NONE), new int[] {4, 2}),
                Arguments.of(new FullyConnected(false, Activation.NONE), new int[] {4, 8}));
    }

    /** A batch normalisation and some more, behind each operator, with and without a bias. */
    @ParameterizedTest
    @MethodSource("operators")
    void aChainOfProductsAndSums(Op op, int[] weights) {
        for (boolean bias : new boolean[] {false, true}) {
            TestGraph t = new TestGraph();
            Value in = t.input("x", x.type());
            Value w = random("w", weights);
            Value y = bias ? t.node("conv", op, in, w, random("b", 4)) : t.node("conv", op, in, w);
            y = t.node("mul", new Binary(Binary.Kind.MUL, Activation.NONE), y, random("scale", 4));
            y = t.node("add", new Binary(Binary.Kind.ADD, Activation.NONE), y, random("shift", 1, 4));
            y = t.node("rsub", new Binary(Binary.Kind.SUB, Activation.NONE), y.type().dtype(), y.type().quant(), t.floats("one", new int[0], 1), y);
            y = t.node("sub", new Binary(Binary.Kind.SUB, Activation.RELU6), y, random("offset", 4));
            Graph source = t.outputs(y);
            log.clear();
            Graph out = fold(source);
            assertEquals(List.of("mul, add, rsub, sub into conv"), log);
            assertEquals(1, out.nodes().size());
            Node node = out.nodes().get(0);
            assertEquals(FuseActivation.with(op, Activation.RELU6).orElseThrow(), node.op());
            assertEquals(3, node.inputs().size());
            assertSame(y, node.output());
            Runs.agree(source, out, 1e-5);
        }
    }

    @Test
    void transposedConvolutionsAndQuotients() {
        Value y = binary("div", Binary.Kind.DIV, g.node("conv", new ConvTranspose2d(WINDOW, 0, 0, 1, Activation.NONE), x,
                g.floats("w", new int[] {1, 2, 2, 2}, 1, 2, 3, 4, 5, 6, 7, 8)), g.floats("c", new int[] {1}, 2));
        Node node = fold(g.outputs(y)).nodes().get(0);
        assertEquals(2, node.inputs().size(), "nothing to add needs no bias");
        double[] w = ConstantValues.elements(node.input(1));
        for (int i = 0; i < 8; i++) {
            assertEquals((i + 1) / 2.0, w[i]);
        }
    }

    /** The weights stay what they are, the constant is the bias. */
    @Test
    void aSumAloneBecomesTheBias() {
        Value w = random("w", WEIGHTS);
        Value y = binary("add", Binary.Kind.ADD, random("b", 1, 1, 1, 4), g.node("conv", CONV, x, w));
        Node node = fold(g.outputs(y)).nodes().get(0);
        assertSame(w, node.input(1));
        assertEquals(4, node.input(2).type().shape().elements());
    }

    @Test
    void otherOperandsStay() {
        Value wide = g.node("wide", CONV, x, random("w", 1, 2, 2, 2));
        stays(g.outputs(
                binary("per row", Binary.Kind.MUL, conv(CONV, true, WEIGHTS), random("rows", 3, 1, 4)),
                binary("broadcast", Binary.Kind.MUL, wide, random("four", 4)),
                binary("computed", Binary.Kind.MUL, conv(CONV, true, WEIGHTS), g.node("neg", new Unary(Unary.Kind.NEG), x.type().shape().rank() == 4
                        ? g.node("other", CONV, x, random("w", WEIGHTS)) : x)),
                binary("reciprocal", Binary.Kind.DIV, random("one", 1), conv(CONV, false, WEIGHTS)),
                binary("power", Binary.Kind.POW, conv(CONV, false, WEIGHTS), random("two", 1))));
    }

    @Test
    void aResultWithOtherReadersStays() {
        Value y = conv(CONV, true, WEIGHTS);
        stays(g.outputs(binary("mul", Binary.Kind.MUL, y, random("scale", 4)), y));
        TestGraph t = new TestGraph();
        Value z = t.node("conv", CONV, t.input("x", x.type()), random("w", WEIGHTS));
        stays(t.outputs(t.node("mul", new Binary(Binary.Kind.MUL, Activation.NONE), z, z)));
    }

    @Test
    void anActivationBetweenStays() {
        stays(g.outputs(binary("mul", Binary.Kind.MUL, conv(new Conv2d(WINDOW, 1, Activation.RELU), true, WEIGHTS), random("scale", 4))));
    }

    /** Only what comes before the activation is linear. */
    @Test
    void theChainEndsAtAnActivation() {
        Value y = g.node("mul", new Binary(Binary.Kind.MUL, Activation.RELU), conv(CONV, true, WEIGHTS), random("scale", 4));
        Graph out = fold(g.outputs(binary("add", Binary.Kind.ADD, y, random("shift", 4))));
        assertEquals(List.of("mul into conv"), log);
        assertEquals(List.of("conv", "add"), out.nodes().stream().map(Node::name).toList());
    }

    @Test
    void computedWeightsStay() {
        Value w = g.input("w", TensorType.of(DType.FLOAT32, WEIGHTS));
        stays(g.outputs(binary("mul", Binary.Kind.MUL, g.node("conv", CONV, x, w), random("scale", 4))));
    }

    @Test
    void weightsThatWouldOverflowStay() {
        stays(g.outputs(binary("mul", Binary.Kind.MUL, conv(CONV, true, WEIGHTS), g.floats("huge", new int[0], Float.POSITIVE_INFINITY))));
    }

    @Test
    void quantisedConvolutionsStay() {
        TestGraph t = new TestGraph();
        Value q = t.input("q", TensorType.quantized(DType.INT8, 0.1f, 0, 1, 4, 4, 2));
        Value y = t.node("conv", CONV, q, t.constant("w", TensorType.quantized(DType.INT8, 0.1f, 0, WEIGHTS)));
        stays(t.outputs(t.node("mul", new Binary(Binary.Kind.MUL, Activation.NONE), y, t.constant("c", TensorType.quantized(DType.INT8, 0.1f, 0, 4)))));
    }
}
