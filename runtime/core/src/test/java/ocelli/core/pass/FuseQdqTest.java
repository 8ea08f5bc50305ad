package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FuseQdqTest {
    private static final Quantization IN = Quantization.perTensor(0.05f, 7);
    private static final Quantization OUT = Quantization.perTensor(0.08f, -9);
    private static final Conv2d CONV = new Conv2d(Window.of(2, 1), 1, Activation.NONE);

    private final TestGraph g = new TestGraph();
    private final List<String> log = new ArrayList<>();
    private final Random random = new Random(5);
    private final Value q = g.input("q", new TensorType(DType.INT8, Shape.of(1, 4, 4, 2), IN));

    private Graph fuse(Graph graph) {
        return new FuseQdq().apply(graph, log::add);
    }

    private void stays(Graph graph) {
        assertSame(graph, fuse(graph));
        assertEquals(List.of(), log);
    }

    private Value real(String name, Value v) {
        return g.node(name, new Dequantize(), DType.FLOAT32, Quantization.NONE, v);
    }

    private Value quantize(String name, Value v) {
        return g.node(name, new Quantize(), DType.INT8, OUT, v);
    }

    private Value constant(String name, TensorType type) {
        byte[] data = new byte[(int) type.bytes()];
        random.nextBytes(data);
        return g.constant(name, type, data);
    }

    private static Graph alive(Graph graph) {
        return new DropDeadNodes().apply(graph, _ -> { });
    }

    /** The one node that is left, on quantised operands, within one step of the float graph. */
    private Node integer(Graph source) {
        Graph out = alive(fuse(source));
        assertEquals(1, out.nodes().size(), out.nodes().toString());
        Node node = out.nodes().get(0);
        assertTrue(node.inputs().stream().noneMatch(v -> v.type().dtype() == DType.FLOAT32), node.toString());
        assertSame(source.outputs().get(0), node.output());
        Runs.agree(source, out, 1);
        assertSame(out, fuse(out));
        return node;
    }

    static Stream<Op> operators() {
        List<Integer> ones = List.of(0, 1, 1, 0);
        return Stream.of(new Unary(Unary.Kind.LOGISTIC), new Unary(Unary.Kind.SWISH), new Unary(Unary.Kind.SQRT), new Unary(Unary.Kind.CLIP, -1, 2),
                new Pool2d(Pool2d.Kind.AVERAGE, Window.of(2, 1), Activation.RELU), new Softmax(1), new Reduce(Reduce.Kind.MEAN, List.of(1, 2), true),
                new Pad(ones, ones, 2.5f));
    }

    @ParameterizedTest
    @MethodSource("operators")
    void operatorsOfOneTensor(Op op) {
        Node node = integer(g.outputs(quantize("y", g.node("op", op, real("d", q)))));
        assertEquals(op, node.op());
        assertEquals(List.of("d, y into op"), log);
    }

    static Stream<Arguments> pairs() {
        Stream<Arguments> sums = Stream.of(Binary.Kind.ADD, Binary.Kind.SUB, Binary.Kind.MUL).flatMap(kind ->
                Stream.of(Activation.NONE, Activation.RELU6).map(a -> Arguments.of(new Binary(kind, a), new int[] {2})));
        return Stream.concat(sums, Stream.of(Arguments.of(new Concat(3), new int[] {1, 4, 4, 3}), Arguments.of(new PRelu(), new int[] {2})));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void operatorsOfTwoTensors(Op op, int[] dims) {
        Value other = constant("other", TensorType.quantized(DType.INT8, 0.03f, -20, dims));
        Node node = integer(g.outputs(quantize("y", g.node("op", op, real("d", q), real("e", other)))));
        assertEquals(List.of(q, other), node.inputs());
        // Sums and products round as ONNX Runtime does, which joins the same nodes.
        assertEquals(op instanceof Binary b ? b.withRounding(Binary.Rounding.FLOAT) : op, node.op());
        assertEquals(List.of("d, e, y into op"), log);
    }

    static Stream<Arguments> weighted() {
        return Stream.of(Arguments.of(CONV, new int[] {3, 2, 2, 2}, 0), Arguments.of(new Conv2d(Window.of(2, 1), 2, Activation.RELU), new int[] {4, 2, 2, 1}, 0),
                Arguments.of(new DepthwiseConv2d(Window.of(2, 1), 2, Activation.RELU6), new int[] {1, 2, 2, 4}, 3),
                Arguments.of(new FullyConnected(true, Activation.NONE), new int[] {5, 2}, 0));
    }

    /** Weights per tensor and per axis; no bias, one in units of the products, one in units of its own, one of floats. */
    @ParameterizedTest
    @MethodSource("weighted")
    void operatorsWithWeights(Op op, int[] dims, int axis) {
        int channels = dims[axis];
        float[] scales = new float[channels];
        float[] units = new float[channels];
        for (int c = 0; c < channels; c++) {
            scales[c] = 0.01f + 0.003f * c;
            units[c] = IN.scale() * scales[c];
        }
        Quantization perAxis = Quantization.perAxis(scales, new int[channels], axis);
        for (Quantization quant : List.of(Quantization.perTensor(0.01f, 3), perAxis)) {
            for (int bias = 0; bias < 4; bias++) {
                TestGraph t = new TestGraph();
                Value in = t.input("q", q.type());
                Value w = constant("w", new TensorType(DType.INT8, Shape.of(dims), quant));
                List<Value> operands = new ArrayList<>(List.of(t.node("d", new Dequantize(), DType.FLOAT32, Quantization.NONE, in),
                        t.node("dw", new Dequantize(), DType.FLOAT32, Quantization.NONE, w)));
                byte[] bytes = new byte[channels * 4];
                for (int c = 0; c < channels; c++) {
                    bytes[c * 4] = (byte) random.nextInt(256);
                    bytes[c * 4 + 1] = (byte) (c % 2 == 0 ? 3 : 0);
                }
                Quantization own = quant.isPerAxis() ? Quantization.perAxis(units, new int[channels], 0) : Quantization.perTensor(IN.scale() * 0.01f, 0);
                Quantization other = Quantization.perTensor(0.0007f, 0);
                Value b = t.constant("b", new TensorType(DType.INT32, Shape.of(channels), bias == 1 ? own : other), bytes);
                switch (bias) {
                    case 1, 2 -> operands.add(t.node("db", new Dequantize(), DType.FLOAT32, Quantization.NONE, b));
                    case 3 -> operands.add(t.floats("floats", new int[] {channels}, scales));
                    default -> assertEquals(0, bias);
                }
                Value y = t.node("op", op, operands.toArray(Value[]::new));
                log.clear();
                Node node = integer(t.outputs(t.node("y", new Quantize(), DType.INT8, OUT, y)));
                assertEquals(op, node.op());
                assertEquals(List.of(in, w), node.inputs().subList(0, 2));
                assertTrue(bias != 1 || node.input(2) == b, "a bias in the right units is taken as it is");
                assertEquals(List.of(bias == 1 || bias == 2 ? "d, dw, db, y into op" : "d, dw, y into op"), log);
            }
        }
    }

    @Test
    void nearestAndBilinearOfOneQuantisation() {
        for (Resize.Kind kind : List.of(Resize.Kind.NEAREST, Resize.Kind.BILINEAR)) {
            TestGraph t = new TestGraph();
            Value real = t.node("d", new Dequantize(), DType.FLOAT32, Quantization.NONE, t.input("q", q.type()));
            Value y = t.node("op", new Resize(kind, 7, 9, false, false), real);
            integer(t.outputs(t.node("y", new Quantize(), DType.INT8, IN, y)));
        }
    }

    @Test
    void aBilinearThatRequantisesStays() {
        stays(g.outputs(quantize("y", g.node("op", new Resize(Resize.Kind.BILINEAR, 7, 9, false, false), real("d", q)))));
    }

    @Test
    void aQuantizeBehindADequantizeRequantises() {
        Node node = integer(g.outputs(quantize("y", real("d", q))));
        assertEquals(new Quantize(), node.op());
        assertSame(q, node.input(0));
        assertEquals(List.of("d into y"), log);
    }

    @Test
    void aQuantizeToTheSameTypeGoes() {
        Value same = g.node("y", new Quantize(), DType.INT8, IN, real("d", q));
        Graph out = alive(fuse(g.outputs(g.node("z", new Unary(Unary.Kind.TANH), same))));
        assertEquals(1, out.nodes().size());
        assertSame(q, out.nodes().get(0).input(0));
    }

    @Test
    void equalReadersBecomeOne() {
        Value y = g.node("op", new Unary(Unary.Kind.TANH), real("d", q));
        Value a = g.node("a", new Unary(Unary.Kind.ABS), quantize("q1", y));
        Value b = g.node("b", new Unary(Unary.Kind.NEG), quantize("q2", y));
        Graph out = alive(fuse(g.outputs(a, b)));
        assertEquals(List.of("op", "a", "b"), out.nodes().stream().map(Node::name).toList());
        assertSame(out.nodes().get(1).input(0), out.nodes().get(2).input(0));
        assertEquals(List.of("d, q1, q2 into op"), log);
    }

    @Test
    void whatOthersReadStaysFloat() {
        Value shown = g.node("a", new Unary(Unary.Kind.TANH), real("d", q));
        Value read = g.node("b", new Unary(Unary.Kind.TANH), real("d", q));
        Value twice = g.node("c", new Unary(Unary.Kind.TANH), real("d", q));
        stays(g.outputs(shown, quantize("q1", shown), quantize("q2", read), g.node("r", new Unary(Unary.Kind.ABS), read), quantize("q3", twice),
                g.node("q4", new Quantize(), DType.UINT8, Quantization.perTensor(0.1f, 3), twice)));
    }

    /** Two outputs of the graph cannot be one value. */
    @Test
    void twoVisibleReadersStay() {
        Value y = g.node("op", new Unary(Unary.Kind.TANH), real("d", q));
        stays(g.outputs(quantize("q1", y), quantize("q2", y)));
    }

    /** A jump may lie where the float32 rounding of a dequantised element decides. */
    @Test
    void jumpsStay() {
        List<Value> outputs = new ArrayList<>();
        for (Unary.Kind kind : List.of(Unary.Kind.FLOOR, Unary.Kind.CEIL, Unary.Kind.ROUND, Unary.Kind.SIGN, Unary.Kind.THRESHOLDED_RELU,
                Unary.Kind.SHRINK, Unary.Kind.TAN)) {
            outputs.add(quantize("q" + kind, g.node(kind.name(), new Unary(kind), real("d" + kind, q))));
        }
        stays(g.outputs(outputs.toArray(Value[]::new)));
    }

    @Test
    void floatOperandsStay() {
        Value c = g.floats("c", new int[] {2}, 1, 2);
        stays(g.outputs(quantize("y", g.node("op", new Binary(Binary.Kind.ADD, Activation.NONE), real("d", q), c)),
                quantize("z", g.node("conv", CONV, real("d", q), g.floats("w", new int[] {1, 2, 2, 2}, 1, 2, 3, 4, 5, 6, 7, 8)))));
    }

    @Test
    void mixedElementTypesStay() {
        Value u = g.input("u", TensorType.quantized(DType.UINT8, 0.05f, 3, 1, 4, 4, 2));
        stays(g.outputs(quantize("y", g.node("op", new Binary(Binary.Kind.ADD, Activation.NONE), real("d", q), real("e", u)))));
    }

    @Test
    void weightsOnAnotherAxisOrComputedStay() {
        Quantization wrong = Quantization.perAxis(new float[] {1, 2}, new int[2], 3);
        Value w = constant("w", new TensorType(DType.INT8, Shape.of(3, 2, 2, 2), wrong));
        Value computed = g.input("v", TensorType.quantized(DType.INT8, 0.1f, 0, 3, 2, 2, 2));
        stays(g.outputs(quantize("y", g.node("op", CONV, real("d", q), real("e", w))),
                quantize("z", g.node("other", CONV, real("d", q), real("f", computed)))));
    }

    /** A bias that leaves int32, alone or with the products, and one whose rounding would move the result. */
    @Test
    void biasesOutOfReachStay() {
        Value w = constant("w", TensorType.quantized(DType.INT8, 0.01f, 0, 1, 2, 2, 2));
        for (float b : new float[] {2e6f, 1_073_741f, Float.NaN}) {
            TestGraph t = new TestGraph();
            Value y = t.node("op", CONV, t.node("d", new Dequantize(), DType.FLOAT32, Quantization.NONE, t.input("q", q.type())),
                    t.node("e", new Dequantize(), DType.FLOAT32, Quantization.NONE, w), t.floats("b", new int[] {1}, b));
            stays(t.outputs(t.node("y", new Quantize(), DType.INT8, OUT, y)));
        }
        Value coarse = constant("w", TensorType.quantized(DType.INT8, 2f, 0, 1, 2, 2, 2));
        stays(g.outputs(quantize("y", g.node("op", CONV, real("d", q), real("e", coarse), g.floats("b", new int[] {1}, 0.05f)))));
    }

    @Test
    void halvesAndPlainIntegersStay() {
        Value h = g.input("h", TensorType.of(DType.FLOAT16, 2));
        stays(g.outputs(quantize("y", g.node("op", new Unary(Unary.Kind.TANH), real("d", h))), quantize("z", real("e", h))));
    }
}
