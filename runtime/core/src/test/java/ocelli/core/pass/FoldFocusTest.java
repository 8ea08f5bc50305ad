package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.foreign.ValueLayout;
import java.util.List;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Slice;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class FoldFocusTest {
    private static final Conv2d CONV = new Conv2d(Window.pointwise(), 1, Activation.NONE);
    private static final Transpose TO_NHWC = new Transpose(List.of(0, 2, 3, 1));

    private final TestGraph g = new TestGraph();
    private final Value weights = g.constant("w", TensorType.quantized(DType.INT8, 1, 0, 2, 1, 1, 8), new byte[] {0, 1, 2, 3, 4, 5, 6,
            7, 8, 9, 10, 11, 12, 13, 14, 15});

    private Value cut(Value x, boolean nchw, int row, int column) {
        return g.node("cut", nchw ? new Slice(List.of(0, 0, row, column), List.of(1, 2, 2, 3), List.of(1, 1, 2, 2))
                : new Slice(List.of(0, row, column, 0), List.of(1, 2, 3, 2), List.of(1, 2, 2, 1)), x);
    }

    private Graph fold(Value... outputs) {
        return new DropDeadNodes().apply(new FoldFocus().apply(g.outputs(outputs), _ -> { }), _ -> { });
    }

    /** YOLOX joins top left, bottom left, top right, bottom right. */
    @Test
    void yoloxOrder() {
        Value x = g.input("x", TensorType.quantized(DType.INT8, 1, 0, 1, 2, 4, 6));
        Value joined = g.node("joined", new Concat(1), cut(x, true, 0, 0), cut(x, true, 1, 0), cut(x, true, 0, 1), cut(x, true, 1, 1));
        Value y = g.node("y", CONV, g.node("nhwc", TO_NHWC, joined), weights);
        Graph out = fold(y);
        assertEquals(List.of(TO_NHWC, new SpaceToDepth(2), CONV), out.nodes().stream().map(Node::op).toList());
        assertArrayEquals(new byte[] {0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15},
                out.nodes().get(2).input(1).data().orElseThrow().toArray(ValueLayout.JAVA_BYTE));
        assertSame(y, out.outputs().get(0));
    }

    @Test
    void rowsFirstNeedsNoPermutation() {
        Value x = g.input("x", TensorType.quantized(DType.INT8, 1, 0, 1, 4, 6, 2));
        Value joined = g.node("joined", new Concat(-1), cut(x, false, 0, 0), cut(x, false, 0, 1), cut(x, false, 1, 0), cut(x, false, 1, 1));
        Graph out = fold(g.node("y", CONV, joined, weights));
        assertEquals(List.of(new SpaceToDepth(2), CONV), out.nodes().stream().map(Node::op).toList());
        assertSame(weights, out.nodes().get(1).input(1));
    }

    @Test
    void otherCutsStay() {
        Value x = g.input("x", TensorType.quantized(DType.INT8, 1, 0, 1, 4, 6, 2));
        Value z = g.input("z", x.type());
        Value twice = g.node("twice", new Concat(3), cut(x, false, 0, 0), cut(x, false, 0, 0), cut(x, false, 1, 0), cut(x, false, 1, 1));
        Value mixed = g.node("mixed", new Concat(3), cut(x, false, 0, 0), cut(z, false, 0, 1), cut(x, false, 1, 0), cut(x, false, 1, 1));
        Value dense = g.node("dense", new Slice(List.of(0, 0, 0, 0), List.of(1, 2, 3, 2), List.of(1, 1, 1, 1)), x);
        Value uneven = g.node("uneven", new Concat(3), dense, cut(x, false, 0, 1), cut(x, false, 1, 0), cut(x, false, 1, 1));
        Value read = g.node("read", new Concat(3), cut(x, false, 0, 0), cut(x, false, 0, 1), cut(x, false, 1, 0), cut(x, false, 1, 1));
        Graph source = g.outputs(g.node("a", CONV, twice, weights), g.node("b", CONV, mixed, weights), g.node("c", CONV, uneven, weights),
                g.node("d", CONV, read, weights), read);
        assertSame(source, new FoldFocus().apply(source, _ -> { }));
    }
}
