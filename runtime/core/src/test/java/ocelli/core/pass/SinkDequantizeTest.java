package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.DepthToSpace;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Expand;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Split;
import ocelli.core.graph.Tile;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SinkDequantizeTest {
    private static final TensorType BYTES = TensorType.quantized(DType.UINT8, 0.25f, 100, 1, 4, 4, 4);

    private final TestGraph g = new TestGraph();
    private final List<String> log = new ArrayList<>();
    private final Value q = g.input("q", BYTES);

    private Graph sink(Graph graph) {
        return new SinkDequantize().apply(graph, log::add);
    }

    private void stays(Graph graph) {
        assertSame(graph, sink(graph));
        assertEquals(List.of(), log);
    }

    private Value real(Value v) {
        return g.node("d", new Dequantize(), DType.FLOAT32, Quantization.NONE, v);
    }

    private static List<Op> ops(Graph graph) {
        return graph.nodes().stream().map(Node::op).toList();
    }

    static Stream<Op> movements() {
        List<Integer> ones = List.of(0, 1, 2, 0);
        return Stream.of(new Reshape(Shape.of(16, 4)), new Transpose(List.of(0, 3, 1, 2)), new Tile(List.of(1, 2, 1, 1)),
                new Slice(List.of(0, 1, 0, 3), List.of(1, 2, 4, 2), List.of(1, 1, 1, -1)), new Expand(Shape.of(3, 4, 4, 4)),
                new Pad(ones, ones, 0), new DepthToSpace(2), new SpaceToDepth(2), new ChannelShuffle(2),
                new Resize(Resize.Kind.NEAREST, 8, 8, false, false), new Pool2d(Pool2d.Kind.MAX, Window.of(2, 2), Activation.NONE));
    }

    @ParameterizedTest
    @MethodSource("movements")
    void movementsRunOnBytes(Op op) {
        Value y = g.node("move", op, real(q));
        Graph source = g.outputs(y);
        Graph out = new DropDeadNodes().apply(sink(source), _ -> { });
        assertEquals(List.of("move before d"), log);
        assertEquals(List.of(op, new Dequantize()), ops(out));
        Node moved = out.nodes().get(0);
        assertSame(q, moved.input(0));
        assertEquals(BYTES.withShape(y.type().shape()), moved.output().type());
        assertSame(y, out.outputs().get(0));
        Runs.agree(source, out, 0);
    }

    @Test
    void aChainGoesThroughAndEveryPieceOfASplit() {
        Value flat = g.node("flat", new Reshape(Shape.of(16, 4)), g.node("turn", new Transpose(List.of(0, 3, 1, 2)), real(q)));
        Value a = Value.of("a", TensorType.of(DType.FLOAT32, 16, 1));
        Value b = Value.of("b", TensorType.of(DType.FLOAT32, 16, 3));
        g.node(new Node("split", new Split(1, List.of(1, 3)), List.of(flat), List.of(a, b)));
        Graph source = g.outputs(a, b);
        Graph out = new DropDeadNodes().apply(sink(source), _ -> { });
        assertEquals(List.of("turn before d", "flat before d", "split before d"), log);
        assertEquals(List.of("turn", "flat", "split", "d", "d"), out.nodes().stream().map(Node::name).toList());
        Runs.agree(source, out, 0);
        assertSame(out, sink(out));
    }

    @Test
    void whatComputesStays() {
        List<Integer> ones = List.of(0, 1, 1, 0);
        Value real = real(q);
        stays(g.outputs(g.node("a", new Softmax(1), real), g.node("b", new Unary(Unary.Kind.RELU), real),
                g.node("c", new Pad(ones, ones, 1), real), g.node("d", new Resize(Resize.Kind.BILINEAR, 8, 8, false, false), real),
                g.node("e", new Pool2d(Pool2d.Kind.AVERAGE, Window.of(2, 2), Activation.NONE), real),
                g.node("f", new Pool2d(Pool2d.Kind.MAX, Window.of(2, 2), Activation.RELU), real)));
    }

    @Test
    void halvesAreNotQuantised() {
        stays(g.outputs(g.node("y", new Transpose(List.of(1, 0)), real(g.input("h", TensorType.of(DType.FLOAT16, 2, 3))))));
    }

    /** Constants move at once, so that the fusion sees constant weights. */
    @Test
    void weightsKeepTheirAxis() {
        byte[] bytes = {1, 2, 3, 4, 5, 6};
        Quantization quant = Quantization.perAxis(new float[] {1, 10}, new int[] {0, 1}, 1);
        Value w = g.constant("w", new TensorType(DType.INT8, Shape.of(3, 2), quant), bytes);
        Value turned = g.node("turn", new Transpose(List.of(1, 0)), real(w));
        Value y = g.node("flat", new Reshape(Shape.of(1, 2, 1, 3)), turned);
        Graph source = g.outputs(y);
        Graph out = new DropDeadNodes().apply(sink(source), _ -> { });
        assertEquals(List.of("turn before d", "flat before d"), log);
        Node only = out.nodes().get(0);
        assertEquals(1, out.nodes().size());
        assertTrue(only.input(0).isConstant());
        assertEquals(1, only.input(0).type().quant().axis());
        assertEquals(10, only.input(0).type().quant().scale(1));
        Runs.agree(source, out, 0);
    }

    /** The axis would be torn apart, or is not a whole one any more. */
    @Test
    void otherMovementsOfQuantisedAxesStay() {
        Quantization quant = Quantization.perAxis(new float[] {1, 10}, new int[2], 1);
        Value real = real(g.constant("w", new TensorType(DType.INT8, Shape.of(3, 2), quant), new byte[6]));
        stays(g.outputs(g.node("a", new Reshape(Shape.of(6)), real), g.node("b", new Reshape(Shape.of(2, 3)), real),
                g.node("c", new Slice(List.of(0, 1), List.of(3, 1), List.of(1, 1)), real)));
    }

    /** The bias of an integer convolution may be reshaped like any constant. */
    @Test
    void reshapedBiases() {
        TensorType type = new TensorType(DType.INT32, Shape.of(1, 2, 1), Quantization.perTensor(0.5f, 0));
        Graph out = sink(g.outputs(g.node("flat", new Reshape(Shape.of(2)), real(g.constant("b", type, new byte[] {1, 0, 0, 0, 2, 0, 0, 0})))));
        Value moved = out.nodes().getLast().input(0);
        assertEquals(new TensorType(DType.INT32, Shape.of(2), type.quant()), moved.type());
        assertEquals(2, ConstantValues.elements(moved)[1]);
    }
}
