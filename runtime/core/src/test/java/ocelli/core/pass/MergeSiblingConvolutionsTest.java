package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Split;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class MergeSiblingConvolutionsTest {
    private static final Window WINDOW = Window.same(3, 3, 1, 1, 1, 1, 5, 6);
    private static final Op POINT = new Conv2d(Window.pointwise(), 1, Activation.RELU);
    private static final Op FULL = new Conv2d(WINDOW, 1, Activation.NONE);
    private static final Op DEPTHWISE = new DepthwiseConv2d(WINDOW, 1, Activation.NONE);
    private static final Unary TANH = new Unary(Unary.Kind.TANH);

    private final TestGraph g = new TestGraph();
    private final Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 5, 6, 7));
    private final List<String> log = new ArrayList<>();
    private final Random random = new Random(5);

    private Value floats(String name, int... dims) {
        float[] elements = new float[Shape.of(dims).elements()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = random.nextFloat() - 0.5f;
        }
        return g.floats(name, dims, elements);
    }

    private Value conv(String name, Op op, Value in, int channels) {
        int taps = op.equals(POINT) ? 1 : 3;
        return g.node(name, op, in, floats(name + "_w", channels, taps, taps, in.type().shape().channels()), floats(name + "_b", channels));
    }

    private Value depthwise(String name, Op op, Value in) {
        int channels = in.type().shape().channels();
        return g.node(name, op, in, floats(name + "_w", 1, 3, 3, channels), floats(name + "_b", channels));
    }

    private Graph merge(Value... outputs) {
        Graph before = g.outputs(outputs);
        Graph after = new MergeSiblingConvolutions().apply(before, log::add);
        Runs.agree(before, after, 0);
        return after;
    }

    private void stays(Value... outputs) {
        Graph before = g.outputs(outputs);
        assertSame(before, new MergeSiblingConvolutions().apply(before, log::add));
    }

    private static List<Op> ops(Graph graph) {
        return graph.nodes().stream().map(Node::op).toList();
    }

    private static Split split(Integer... sizes) {
        return new Split(3, List.of(sizes));
    }

    @Test
    void siblingsBecomeOne() {
        Value a = conv("a", POINT, x, 3);
        Value y = g.node("y", TANH, a);
        Value b = conv("b", POINT, x, 5);
        assertEquals(List.of(POINT, split(3, 5), TANH), ops(merge(y, b)));
        assertEquals(List.of("a, b are one"), log);
    }

    /** The heads of yunet: one channel is a plain convolution, and the nodes are not in the order of the pieces. */
    @Test
    void depthwiseConvolutionsOfThePiecesFollow() {
        Value a = conv("a", POINT, x, 1);
        Value b = conv("b", POINT, x, 4);
        Value c = conv("c", POINT, x, 2);
        Value z = depthwise("z", DEPTHWISE, c);
        Value u = conv("u", FULL, a, 1);
        Value v = depthwise("v", DEPTHWISE, b);
        assertEquals(List.of(POINT, DEPTHWISE, split(1, 4, 2), TANH), ops(merge(u, v, z, g.node("t", TANH, v))));
        assertEquals(List.of("a, b, c are one", "u, v, z are one"), log);
    }

    @Test
    void piecesThatSomebodyElseReadsStay() {
        Value a = conv("a", POINT, x, 3);
        Value b = conv("b", POINT, x, 5);
        assertEquals(List.of(POINT, split(3, 5), DEPTHWISE, DEPTHWISE),
                ops(merge(a, depthwise("u", DEPTHWISE, a), depthwise("v", DEPTHWISE, b))));
    }

    @Test
    void aFullVectorGainsNothing() {
        stays(conv("a", POINT, x, 32), conv("b", POINT, x, 16));
    }

    @Test
    void whatIsWrittenIntoAConcatStays() {
        Value a = conv("a", POINT, x, 12);
        Value b = conv("b", POINT, x, 12);
        stays(g.node("y", new Concat(3), g.node("t", TANH, a), b));
    }

    @Test
    void fewChannelsAreCopiedIntoAConcat() {
        Value a = conv("a", POINT, x, 4);
        Value b = conv("b", POINT, x, 12);
        assertEquals(List.of(POINT, split(4, 12), TANH, new Concat(3)), ops(merge(g.node("y", new Concat(3), a, g.node("t", TANH, b)))));
    }

    /** 20 and 12 channels take three vectors apart and two together. */
    @Test
    void oddOnesFillVectorsTogether() {
        assertEquals(List.of(POINT, split(20, 12)), ops(merge(conv("a", POINT, x, 20), conv("b", POINT, x, 12))));
    }

    @Test
    void othersStayApart() {
        Value other = g.node("other", TANH, x);
        Value open = g.input("open", TensorType.of(DType.FLOAT32, 2, 1, 1, 7));
        stays(conv("a", POINT, x, 2), conv("b", FULL, x, 2), conv("c", POINT, other, 2),
                conv("d", new Conv2d(WINDOW, 1, Activation.RELU6), x, 2),
                g.node("e", POINT, x, floats("e_w", 2, 1, 1, 7)), g.node("f", POINT, x, open, floats("f_b", 2)));
    }

    private Value quantised(String name, Value in, Quantization weights, float scale, int channels) {
        byte[] w = new byte[channels * 7];
        random.nextBytes(w);
        byte[] b = new byte[channels * 4];
        random.nextBytes(b);
        b[3] = 0;
        Value kernel = g.constant(name + "_w", new TensorType(DType.INT8, Shape.of(channels, 1, 1, 7), weights), w);
        return g.node(name, POINT, DType.INT8, Quantization.perTensor(scale, 3), in, kernel,
                g.constant(name + "_b", TensorType.of(DType.INT32, channels), b));
    }

    @Test
    void integersKeepTheirScales() {
        Value q = g.input("q", TensorType.quantized(DType.INT8, 0.1f, -5, 1, 5, 6, 7));
        Quantization each = Quantization.perAxis(new float[] {0.01f, 0.02f}, new int[2], 0);
        Value a = quantised("a", q, each, 0.05f, 2);
        Value b = quantised("b", q, Quantization.perTensor(0.03f, 0), 0.05f, 3);
        Value apart = quantised("c", q, each, 0.06f, 2);
        assertEquals(List.of(POINT, split(2, 3), POINT), ops(merge(a, b, apart)));
    }

    @Test
    void zeroPointsOfWeightsMustBeTheSame() {
        Value q = g.input("q", TensorType.quantized(DType.INT8, 0.1f, -5, 1, 5, 6, 7));
        Value a = quantised("a", q, Quantization.perTensor(0.03f, 4), 0.05f, 3);
        Value b = quantised("b", q, Quantization.perTensor(0.03f, 4), 0.05f, 3);
        assertEquals(List.of(POINT, split(3, 3)), ops(merge(a, b)));
        TestGraph other = new TestGraph();
        Value p = other.input("p", TensorType.quantized(DType.INT8, 0.1f, -5, 1, 5, 6, 7));
        Value[] outs = new Value[2];
        for (int i = 0; i < 2; i++) {
            TensorType w = TensorType.quantized(DType.INT8, 0.03f, 4 + i, 3, 1, 1, 7);
            outs[i] = other.node("o" + i, POINT, DType.INT8, Quantization.perTensor(0.05f, 3), p, other.constant("w" + i, w));
        }
        Graph before = other.outputs(outs);
        assertSame(before, new MergeSiblingConvolutions().apply(before, log::add));
    }
}
