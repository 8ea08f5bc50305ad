package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.ArgReduce;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.Expand;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Gather;
import ocelli.core.graph.Graph;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.Node;
import ocelli.core.graph.Normalize;
import ocelli.core.graph.Op;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.Split;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class CancelTransposesTest {
    private static final Transpose NCHW = new Transpose(List.of(0, 3, 1, 2));
    private static final Transpose NHWC = new Transpose(List.of(0, 2, 3, 1));
    private static final Unary RELU = new Unary(Unary.Kind.RELU);
    private static final Unary TANH = new Unary(Unary.Kind.TANH);
    private static final Binary ADD = new Binary(Binary.Kind.ADD, Activation.NONE);
    private static final Binary MUL = new Binary(Binary.Kind.MUL, Activation.NONE);

    private final TestGraph g = new TestGraph();
    private final List<String> log = new ArrayList<>();
    private final Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 6, 4, 3));

    private Graph cancel(Value... outputs) {
        return new CancelTransposes().apply(new DropDeadNodes().apply(g.outputs(outputs), _ -> { }), log::add);
    }

    private static List<Op> ops(Graph graph) {
        return graph.nodes().stream().map(Node::op).toList();
    }

    /** Something that only works on NHWC. */
    private Value conv(String name, Value in) {
        int c = in.type().shape().channels();
        return g.node(name, new Conv2d(Window.of(3, 1).withPads(1, 1, 1, 1), 1, Activation.NONE), in,
                g.constant(name + " weights", TensorType.of(DType.FLOAT32, c, 3, 3, c)));
    }

    private static Conv2d conv() {
        return new Conv2d(Window.of(3, 1).withPads(1, 1, 1, 1), 1, Activation.NONE);
    }

    private Value nchw(Value v) {
        return g.node(v.name() + " nchw", NCHW, v);
    }

    private Value nhwc(Value v) {
        return g.node(v.name() + " nhwc", NHWC, v);
    }

    private Value constant(String name, int... dims) {
        Shape shape = Shape.of(dims);
        byte[] data = new byte[shape.elements() * 4];
        for (int i = 0; i < data.length; i += 4) {
            int bits = Float.floatToIntBits(i / 4f);
            for (int b = 0; b < 4; b++) {
                data[i + b] = (byte) (bits >> 8 * b);
            }
        }
        return g.constant(name, TensorType.of(DType.FLOAT32, dims), data);
    }

    @Test
    void theImportersTransposesVanish() {
        Value a = nchw(conv("a", x));
        Value r = g.node("r", RELU, a);
        Value b = nchw(conv("b", nhwc(r)));
        Value sum = g.node("sum", ADD, b, a);
        Value c = conv("c", nhwc(sum));
        Graph out = cancel(c);
        assertEquals(List.of(conv(), RELU, conv(), ADD, conv()), ops(out));
        assertEquals(List.of("4 transposes of 288 elements and 0 reshapes became 0 transposes of 0 elements and 0 reshapes"), log);
        assertSame(c, out.outputs().get(0));
    }

    @Test
    void outputsKeepTheirLayoutAndName() {
        Value y = g.node("y", RELU, nchw(conv("a", x)));
        Graph out = cancel(y);
        assertEquals(List.of(conv(), RELU, NCHW), ops(out));
        assertSame(y, out.outputs().get(0));
        assertEquals("y", out.nodes().get(2).output().name());
    }

    /** NCHW → [N,C,HW] → [N,HW,C], then levels are joined. */
    @Test
    void aDetectorsHeadIsReshapes() {
        Value a = g.node("a3", new Reshape(Shape.of(1, 3, 24)), nchw(conv("a", x)));
        Value b = g.node("b3", new Reshape(Shape.of(1, 3, 24)), nchw(conv("b", x)));
        Value all = g.node("all", new Concat(2), a, b);
        Value y = g.node("y", new Transpose(List.of(0, 2, 1)), all);
        Graph out = cancel(y);
        assertEquals(List.of(conv(), conv(), new Reshape(Shape.of(1, 24, 3)), new Reshape(Shape.of(1, 24, 3)), new Concat(1),
                new Reshape(Shape.of(1, 48, 3))), ops(out));
    }

    @Test
    void aChainThatIsOnePermutationBecomesOne() {
        Value a = g.node("a", new Transpose(List.of(3, 2, 1, 0)), x);
        Value b = g.node("b", new Transpose(List.of(1, 0, 3, 2)), a);
        assertEquals(List.of(new Transpose(List.of(2, 3, 0, 1))), ops(cancel(b)));
        Value c = g.node("c", new Reshape(Shape.of(1, 12, 2, 3)), x);
        Value d = g.node("d", new Transpose(List.of(0, 2, 1, 3)), c);
        Value e = g.node("e", new Reshape(Shape.of(2, 36)), d);
        assertEquals(List.of(new Reshape(Shape.of(12, 2, 3)), new Transpose(List.of(1, 0, 2)), new Reshape(Shape.of(2, 36))),
                ops(cancel(e)));
    }

    /** Global pooling: [1,1,1,C] to NCHW and back moves nothing; the gate multiplies the map in NHWC. */
    @Test
    void gatesAreReshapes() {
        Value map = nchw(conv("a", x));
        Value mean = g.node("mean", new Reduce(Reduce.Kind.MEAN, List.of(2, 3), true), map);
        Value gate = g.node("gate", new Unary(Unary.Kind.LOGISTIC), mean);
        Value y = nhwc(g.node("y", MUL, map, gate));
        assertEquals(List.of(conv(), new Reduce(Reduce.Kind.MEAN, List.of(1, 2), true), new Unary(Unary.Kind.LOGISTIC), MUL,
                new Reshape(Shape.of(1, 6, 4, 3))), ops(cancel(y)));
    }

    @Test
    void constantsAreTransposedAtOnce() {
        Value y = nhwc(g.node("y", ADD, g.node("z", MUL, nchw(x), constant("scale", 3, 1, 1)), constant("full", 1, 3, 6, 4)));
        Graph out = cancel(y);
        assertEquals(List.of(MUL, ADD, new Reshape(Shape.of(1, 6, 4, 3))), ops(out));
        Value scale = out.nodes().get(0).input(1);
        assertEquals(Shape.of(3), scale.type().shape());
        Value full = out.nodes().get(1).input(1);
        assertEquals(Shape.of(6, 4, 3), full.type().shape());
        // Element (h, w, c) = (1, 2, 1) of NHWC is element (c, h, w) of NCHW.
        assertEquals(1 * 24 + 1 * 4 + 2, full.data().orElseThrow().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * (1 * 12 + 2 * 3 + 1)));
    }

    @Test
    void axesAreRenumbered() {
        Value a = nchw(x);
        Value padded = g.node("pad", new Pad(List.of(0, 1, 0, 2), List.of(0, 0, 0, 0), 0), a);
        Value slice = g.node("slice", new Slice(List.of(0, 1, 0, 0), List.of(1, 2, 6, 5), List.of(1, 1, 1, 1)), padded);
        Value expand = g.node("expand", new Expand(Shape.of(2, 2, 6, 5)), slice);
        Value normal = g.node("normal", new Normalize(List.of(2, 3), 0), expand);
        Value relu = g.node("prelu", new PRelu(), normal, constant("alpha", 2, 1, 1));
        Value y = nhwc(relu);
        assertEquals(List.of(new Pad(List.of(0, 0, 2, 1), List.of(0, 0, 0, 0), 0),
                new Slice(List.of(0, 0, 0, 1), List.of(1, 6, 5, 2), List.of(1, 1, 1, 1)), new Expand(Shape.of(2, 6, 5, 2)),
                new Normalize(List.of(1, 2), 0), new PRelu(), new Reshape(Shape.of(2, 6, 5, 2))), ops(cancel(y)));
    }

    /** In front of a Pad there are fewer elements, and the Pad can become the convolution's own. */
    @Test
    void transposesMoveUpThroughWhatAddsElements() {
        Value nchw = g.input("nchw", TensorType.of(DType.FLOAT32, 1, 3, 6, 4));
        Value padded = g.node("pad", new Pad(List.of(0, 0, 1, 2), List.of(0, 0, 1, 2), 0), nchw);
        Graph out = cancel(conv("c", nhwc(padded)));
        assertEquals(List.of(NHWC, new Pad(List.of(0, 1, 2, 0), List.of(0, 1, 2, 0), 0), conv()), ops(out));
        assertSame(out, new CancelTransposes().apply(out, log::add));
        Graph both = cancel(conv("d", nhwc(padded)), padded);
        assertEquals(NHWC, ops(both).get(1));
    }

    @Test
    void dimensionsThatGoAreRenumbered() {
        Value best = g.node("best", new ArgReduce(true, 1, false, false), DType.INT64, Quantization.NONE, nchw(x));
        Value one = g.node("one", new Gather(1), nchw(x), g.constant("index", TensorType.of(DType.INT64)));
        Value two = g.node("two", new Gather(2), nchw(x), g.constant("indices", TensorType.of(DType.INT64, 5)));
        Value sum = g.node("sum", new Reduce(Reduce.Kind.SUM, List.of(2, 3), false), nchw(x));
        Graph out = cancel(best, one, sum, nhwc(two));
        assertEquals(List.of(new ArgReduce(true, 3, false, false), new Gather(3), new Gather(1),
                new Reduce(Reduce.Kind.SUM, List.of(1, 2), false)),
                ops(out).stream().filter(op -> !(op instanceof Reshape)).toList());
    }

    @Test
    void splitsAndConcatsFollowTheChannels() {
        Value a = nchw(conv("a", x));
        Value p = Value.of("p", TensorType.of(DType.FLOAT32, 1, 1, 6, 4));
        Value q = Value.of("q", TensorType.of(DType.FLOAT32, 1, 2, 6, 4));
        g.node(new Node("split", new Split(1, List.of(1, 2)), List.of(a), List.of(p, q)));
        Value y = nhwc(g.node("y", new Concat(1), q, g.node("r", RELU, p)));
        assertEquals(List.of(conv(), new Split(3, List.of(1, 2)), RELU, new Concat(3), new Reshape(Shape.of(1, 6, 4, 3))), ops(cancel(y)));
    }

    /** The last dimension must stay the last one, and a sum of floats its order. */
    @Test
    void whatDependsOnTheOrderKeepsIt() {
        Value y = g.node("y", new Softmax(1), nchw(x));
        assertEquals(List.of(NCHW, new Softmax(1)), ops(cancel(y)));
        Value sum = g.node("sum", new Reduce(Reduce.Kind.SUM, List.of(1, 2), false), nchw(x));
        assertEquals(NCHW, ops(cancel(sum)).get(0));
        Value most = g.node("most", new Reduce(Reduce.Kind.MAX, List.of(1, 2), false), nchw(x));
        assertEquals(new Reduce(Reduce.Kind.MAX, List.of(1, 3), false), ops(cancel(most)).get(0));
    }

    @Test
    void softmaxAndPointwiseConvolutionsKeepTheChannelsLast() {
        Transpose swap = new Transpose(List.of(0, 2, 1, 3));
        Value w = g.constant("w", TensorType.of(DType.FLOAT32, 5, 1, 1, 3));
        Conv2d pointwise = new Conv2d(Window.pointwise(), 1, Activation.NONE);
        Value y = g.node("y", swap, g.node("c", pointwise, g.node("s", new Softmax(1), g.node("t", swap, x)), w));
        assertEquals(List.of(new Softmax(1), pointwise, new Reshape(Shape.of(1, 6, 4, 5))), ops(cancel(y)));
    }

    /** Two functions of one map as outputs: one transpose of the map is cheaper than one of each result. */
    @Test
    void branchesShareATranspose() {
        Value a = nchw(conv("a", x));
        Value y = g.node("y", RELU, a);
        Value z = g.node("z", TANH, a);
        Graph source = g.outputs(y, z);
        assertSame(source, new CancelTransposes().apply(source, log::add));
    }

    /** The small operand is moved to the large one's layout, and stays a constant's business when it has few elements. */
    @Test
    void theCheaperOperandMoves() {
        Value small = g.input("small", TensorType.of(DType.FLOAT32, 1, 1, 6, 4));
        Value y = nhwc(g.node("y", ADD, nchw(x), small));
        Value large = g.input("large", TensorType.of(DType.FLOAT32, 5, 1, 4, 6));
        Value z = g.node("z", ADD, g.node("t", new Transpose(List.of(0, 1, 3, 2)), g.node("m", TANH, small)), large);
        Graph out = cancel(y, z);
        assertEquals(24, LayoutWalk.cost(out));
    }

    /** Flattened in NCHW order: the weights' columns move, not the map. */
    @Test
    void flattenedMapsPermuteTheWeights() {
        Value map = nchw(conv("a", x));
        Value w = constant("w", 2, 72);
        Value y = g.node("y", new FullyConnected(false, Activation.NONE), g.node("flat", new Reshape(Shape.of(1, 72)), map), w);
        Graph out = cancel(y);
        assertEquals(List.of(conv(), new Reshape(Shape.of(1, 72)), new FullyConnected(false, Activation.NONE)), ops(out));
        Value moved = out.nodes().get(2).input(1);
        // The weight of row 1 and element (c, h, w) = (2, 1, 3) belongs to element (h, w, c).
        assertEquals(72 + 2 * 24 + 1 * 4 + 3, moved.data().orElseThrow()
                .get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * (72 + 1 * 12 + 3 * 3 + 2)));
        Value rows = g.node("rows", new Reshape(Shape.of(6, 12)), g.node("swap", new Transpose(List.of(0, 1, 3, 2)), x));
        Value z = g.node("z", new FullyConnected(false, Activation.NONE), rows, constant("v", 5, 12));
        assertEquals(0, LayoutWalk.cost(cancel(z)));
        // A row that gathers elements of several rows of the base is put in order.
        Value mixed = g.node("mixed", new Reshape(Shape.of(6, 12)), g.node("far", new Transpose(List.of(0, 2, 1, 3)), x));
        Value far = g.node("far product", new FullyConnected(false, Activation.NONE), mixed, constant("u", 5, 12));
        assertEquals(72, LayoutWalk.cost(cancel(far)));
    }

    @Test
    void matrixProductsReadTheirOwnOrder() {
        Value t = g.node("t", new Transpose(List.of(0, 1, 3, 2)), x);
        Value r = g.node("r", RELU, t);
        Value y = g.node("y", new MatMul(), x, r);
        assertEquals(List.of(RELU, new Transpose(List.of(0, 1, 3, 2)), new MatMul()), ops(cancel(y)));
    }

    /** A transpose that requantises is no movement, and scales per channel belong to a dimension. */
    @Test
    void quantisationsAreNotLost() {
        TestGraph q = new TestGraph();
        Value in = q.input("q", TensorType.quantized(DType.INT8, 0.5f, 0, 1, 2, 3, 4));
        Value t = q.node("t", NCHW, DType.INT8, Quantization.perTensor(0.25f, 0), in);
        Value y = q.node("y", NHWC, DType.INT8, Quantization.perTensor(0.25f, 0), t);
        Value p = q.input("p", new TensorType(DType.INT8, Shape.of(2, 3), Quantization.perAxis(new float[] {1, 2}, new int[2], 0)));
        Value r = q.node("r", new Reshape(Shape.of(2, 3, 1)), p);
        Graph source = q.outputs(y, r);
        assertSame(source, new CancelTransposes().apply(source, log::add));
    }

    @Test
    void emptyTensorsAndGraphsWithoutTransposesStay() {
        Value empty = g.input("empty", TensorType.of(DType.FLOAT32, 1, 0, 3));
        Value t = g.node("t", new Transpose(List.of(0, 2, 1)), empty);
        Graph source = g.outputs(g.node("y", RELU, t), conv("c", x));
        assertSame(source, new CancelTransposes().apply(source, log::add));
        assertEquals(List.of(), log);
    }
}
