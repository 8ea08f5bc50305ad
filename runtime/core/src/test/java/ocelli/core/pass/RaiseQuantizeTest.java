package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import ocelli.core.TestGraph;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.Split;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RaiseQuantizeTest {
    private static final Quantization QUANT = Quantization.perTensor(0.0625f, -3);
    private static final Unary TANH = new Unary(Unary.Kind.TANH);

    private final TestGraph g = new TestGraph();
    private final List<String> log = new ArrayList<>();
    private final Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 4, 4, 4));

    private Graph raise(Graph graph) {
        return new RaiseQuantize().apply(graph, log::add);
    }

    private void stays(Graph graph) {
        assertSame(graph, raise(graph));
        assertEquals(List.of(), log);
    }

    private Value quantize(String name, Value v) {
        return g.node(name, new Quantize(), DType.INT8, QUANT, v);
    }

    private static List<String> names(Graph graph) {
        return graph.nodes().stream().map(Node::name).toList();
    }

    static Stream<Op> movements() {
        return SinkDequantizeTest.movements();
    }

    @ParameterizedTest
    @MethodSource("movements")
    void movementsRunOnBytes(Op op) {
        Value y = quantize("y", g.node("move", op, g.node("t", TANH, x)));
        Graph source = g.outputs(y);
        Graph out = raise(source);
        assertEquals(List.of("move behind y"), log);
        assertEquals(List.of("t", "y", "move"), names(out));
        assertEquals(op, out.nodes().getLast().op());
        assertSame(y, out.nodes().getLast().output());
        assertEquals(new TensorType(DType.INT8, x.type().shape(), QUANT), out.nodes().get(1).output().type());
        Runs.agree(source, out, 0);
        assertSame(out, raise(out));
    }

    @Test
    void aChainIsPassedInOneGo() {
        Value turned = g.node("turn", new Transpose(List.of(0, 3, 1, 2)), g.node("t", TANH, x));
        Graph source = g.outputs(quantize("y", g.node("flat", new Reshape(Shape.of(64)), turned)));
        Graph out = raise(source);
        assertEquals(List.of("t", "y", "turn", "flat"), names(out));
        Runs.agree(source, out, 0);
    }

    /** Readers of one value that quantise it alike become one. */
    @Test
    void equalReadersMerge() {
        Value moved = g.node("move", new Reshape(Shape.of(16, 4)), x);
        Value a = g.node("a", TANH, quantize("q1", moved));
        Value b = g.node("b", new Transpose(List.of(1, 0)), quantize("q2", moved));
        Graph source = g.outputs(a, b);
        Graph out = raise(source);
        assertEquals(4, out.nodes().size());
        assertSame(out.nodes().get(1).output(), out.nodes().get(3).input(0));
        Runs.agree(source, out, 0);
    }

    /** The caller knows a graph output by its name. */
    @Test
    void aGraphOutputKeepsItsValue() {
        Value moved = g.node("move", new Reshape(Shape.of(16, 4)), x);
        Value inside = quantize("inside", moved);
        Value shown = quantize("shown", moved);
        Graph out = raise(g.outputs(g.node("y", TANH, inside), shown));
        assertSame(shown, out.outputs().get(1));
        assertEquals(3, out.nodes().size());
        TestGraph two = new TestGraph();
        Value in = two.input("x", x.type());
        Value flat = two.node("flat", new Reshape(Shape.of(64)), in);
        log.clear();
        stays(two.outputs(two.node("a", new Quantize(), DType.INT8, QUANT, flat), two.node("b", new Quantize(), DType.INT8, QUANT, flat)));
    }

    @Test
    void otherReadersKeepFloats() {
        Value moved = g.node("move", new Reshape(Shape.of(64)), x);
        Value seen = g.node("seen", new Reshape(Shape.of(64)), x);
        Value two = g.node("two", new Reshape(Shape.of(64)), x);
        stays(g.outputs(quantize("q1", moved), g.node("t", TANH, moved), quantize("q2", seen), seen, quantize("q3", two),
                g.node("q4", new Quantize(), DType.UINT8, Quantization.perTensor(1, 0), two)));
    }

    @Test
    void whatComputesStays() {
        List<Integer> ones = List.of(0, 1, 1, 0);
        stays(g.outputs(quantize("a", g.node("soft", new Softmax(1), x)), quantize("b", g.node("pad", new Pad(ones, ones, 1), x))));
    }

    /** All pieces must be quantised alike. */
    @Test
    void splits() {
        for (float second : new float[] {QUANT.scale(), 1}) {
            TestGraph t = new TestGraph();
            Value a = Value.of("a", TensorType.of(DType.FLOAT32, 1, 4));
            Value b = Value.of("b", TensorType.of(DType.FLOAT32, 3, 4));
            t.node(new Node("split", new Split(0, List.of(1, 3)), List.of(t.input("x", TensorType.of(DType.FLOAT32, 4, 4))), List.of(a, b)));
            Graph source = t.outputs(t.node("p", new Quantize(), DType.INT8, QUANT, a),
                    t.node("q", new Quantize(), DType.INT8, Quantization.perTensor(second, -3), b));
            Graph out = raise(source);
            assertEquals(second == 1 ? source.nodes().size() : 2, out.nodes().size());
            Runs.agree(source, out, 0);
        }
    }

    /** What is quantised already goes into the Concat as it is, whatever its scale; the rest is quantised before. */
    @Test
    void joins() {
        Value q = g.input("q", TensorType.quantized(DType.INT8, 0.5f, 7, 1, 4, 4, 4));
        Value u = g.input("u", TensorType.quantized(DType.UINT8, 0.5f, 7, 1, 4, 4, 4));
        Value dq = g.node("dq", new Dequantize(), DType.FLOAT32, Quantization.NONE, q);
        Value du = g.node("du", new Dequantize(), DType.FLOAT32, Quantization.NONE, u);
        Graph source = g.outputs(quantize("y", g.node("join", new Concat(3), x, dq, du)));
        Graph out = raise(source);
        assertEquals(List.of("dq", "du", "y", "y", "join"), names(out));
        assertSame(q, out.nodes().getLast().input(1));
        Runs.agree(source, out, 1);
    }
}
