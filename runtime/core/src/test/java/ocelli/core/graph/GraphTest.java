package ocelli.core.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import ocelli.core.TestGraph;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class GraphTest {
    private static final TensorType T = TensorType.of(DType.FLOAT32, 2);
    private static final Op TANH = new Unary(Unary.Kind.TANH);

    private final Value x = Value.of("x", T);
    private final Value y = Value.of("y", T);
    private final Value z = Value.of("z", T);
    private final Value c = Value.constant("c", T, MemorySegment.ofArray(new byte[8]));

    private static Node node(Value in, Value out) {
        return new Node("make " + out.name(), TANH, List.of(in), List.of(out));
    }

    private static void refused(String message, List<Value> inputs, List<Value> outputs, Node... nodes) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new Graph("g", inputs, outputs, List.of(nodes)));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void everyValueIsMadeOnceAndBeforeItIsRead() {
        new Graph("g", List.of(x), List.of(z, x, c, z), List.of(node(x, y), node(y, z)));
        refused("make z reads y before it is made", List.of(x), List.of(z), node(y, z), node(x, y));
        refused("make y makes y, which exists already", List.of(x), List.of(y), node(x, y), node(x, y));
        refused("make x makes x, which exists already", List.of(x), List.of(x), node(c, x));
        refused("make c makes c, which exists already", List.of(x), List.of(x), node(x, c));
        refused("graph input x:float32[2] is a constant or is listed twice", List.of(x, x), List.of(x));
        refused("graph input c:float32[2] is a constant", List.of(c), List.of(c));
        refused("graph output y is never made", List.of(x), List.of(y));
        refused("make y reads y before it is made", List.of(x), List.of(y), node(y, y));
    }

    @Test
    void listsAreCopies() {
        List<Node> nodes = new ArrayList<>(List.of(node(x, y)));
        Graph g = new Graph("g", List.of(x), List.of(y), nodes);
        nodes.clear();
        assertEquals(1, g.nodes().size());
    }

    @Test
    void nodesCheckTheirOutputs() {
        Value wide = Value.of("wide", TensorType.of(DType.FLOAT32, 3));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> node(x, wide));
        assertEquals("Tanh: output wide has shape [3], wanted [2]", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> new Node("n", TANH, List.of(x), List.of(y, z)));
        assertEquals("Tanh has 2 outputs, wanted 1", e.getMessage());
    }

    @Test
    void constantsHaveTheBytesOfTheirType() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Value.constant("c", T, MemorySegment.ofArray(new byte[7])));
        assertEquals("constant c of type float32[2] needs 8 bytes, the data has 7", e.getMessage());
        assertTrue(c.data().orElseThrow().isReadOnly());
        assertTrue(x.data().isEmpty());
    }

    /** A 3×3 convolution of 4 to 8 channels on 6×6 pixels, then a classifier whose weights are stored as float16. */
    @Test
    void parametersAndWork() {
        TestGraph g = new TestGraph();
        Value in = g.input("in", TensorType.of(DType.FLOAT32, 1, 6, 6, 4));
        Value w = g.constant("w", TensorType.of(DType.FLOAT32, 8, 3, 3, 4));
        Value b = g.constant("b", TensorType.of(DType.FLOAT32, 8));
        Value conv = g.node("conv", new Conv2d(Window.of(3, 1), 1, Activation.RELU), in, w, b);
        Value mean = g.node("mean", new Reduce(Reduce.Kind.MEAN, List.of(1, 2), false), conv);
        Value half = g.constant("half", TensorType.of(DType.FLOAT16, 5, 8));
        Value weights = g.node("weights", new Dequantize(), DType.FLOAT32, Quantization.NONE, half);
        Value first = g.node("first", new FullyConnected(false, Activation.NONE), mean, weights);
        Value second = g.node("second", new FullyConnected(false, Activation.NONE), mean, weights);
        Value shifted = g.node("shifted", new Binary(Binary.Kind.ADD, Activation.NONE), first, g.constant("shift", TensorType.of(DType.FLOAT32, 5)));
        Graph graph = g.outputs(shifted, second, g.node("flat", new Reshape(Shape.of(5)), first));
        assertEquals(8 * 36 + 8 + 40, graph.parameters(), "shared weights count once, other constants not at all");
        assertEquals(4 * 4 * 8 * 36 + 2 * 40, graph.macs());
    }
}
