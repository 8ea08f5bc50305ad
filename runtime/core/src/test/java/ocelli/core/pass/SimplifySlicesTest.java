package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import ocelli.core.TestGraph;
import ocelli.core.graph.Gather;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class SimplifySlicesTest {
    private final TestGraph g = new TestGraph();
    private final List<String> log = new ArrayList<>();
    private final Value x = g.input("x", TensorType.of(DType.FLOAT32, 2, 7, 6));

    private Value indices(int... values) {
        byte[] data = new byte[values.length * 4];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (values[i / 4] >> 8 * (i % 4));
        }
        return g.constant("indices", TensorType.of(DType.INT32, values.length), data);
    }

    private Graph apply(Value... outputs) {
        return new DropDeadNodes().apply(new SimplifySlices().apply(g.outputs(outputs), log::add), _ -> { });
    }

    private static List<Op> ops(Graph graph) {
        return graph.nodes().stream().map(Node::op).toList();
    }

    private static Slice slice(List<Integer> begin, List<Integer> size, List<Integer> step) {
        return new Slice(begin, size, step);
    }

    @Test
    void evenGathersAreSlices() {
        Value a = g.node("a", new Gather(1), x, indices(1, 3, 5));
        Value b = g.node("b", new Gather(-1), x, indices(-1, -2, -3));
        Value c = g.node("c", new Gather(0), x, g.constant("scalar", TensorType.of(DType.INT64)));
        Value d = g.node("d", new Gather(1), x, indices(4));
        assertEquals(List.of(slice(List.of(0, 1, 0), List.of(2, 3, 6), List.of(1, 2, 1)),
                slice(List.of(0, 0, 5), List.of(2, 7, 3), List.of(1, 1, -1)),
                slice(List.of(0, 0, 0), List.of(1, 7, 6), List.of(1, 1, 1)), new Reshape(Shape.of(7, 6)),
                slice(List.of(0, 4, 0), List.of(2, 1, 6), List.of(1, 1, 1))), ops(apply(a, b, c, d)));
    }

    /** Outside indices are clamped, as the operator says. */
    @Test
    void indicesAreClamped() {
        assertEquals(List.of(slice(List.of(0, 6, 0), List.of(2, 1, 6), List.of(1, 1, 1))),
                ops(apply(g.node("a", new Gather(1), x, indices(99)))));
    }

    @Test
    void otherGathersStay() {
        Value a = g.node("a", new Gather(1), x, indices(0, 1, 3));
        Value b = g.node("b", new Gather(1), x, indices(2, 2));
        Value c = g.node("c", new Gather(1), x, g.input("index", TensorType.of(DType.INT32, 2)));
        Graph source = g.outputs(a, b, c);
        assertSame(source, new SimplifySlices().apply(source, log::add));
    }

    @Test
    void slicesOfSlicesAreOne() {
        Value a = g.node("a", slice(List.of(0, 6, 1), List.of(2, 3, 5), List.of(1, -2, 1)), x);
        Value b = g.node("b", slice(List.of(1, 2, 0), List.of(1, 2, 3), List.of(1, -1, 2)), a);
        assertEquals(List.of(slice(List.of(1, 2, 1), List.of(1, 2, 3), List.of(1, 2, 2))), ops(apply(b)));
        assertEquals(List.of("b slices x"), log);
    }

    /** A half of a leading dimension is a run of the channels that it was split from. */
    @Test
    void slicesOfReshapesCutTheOriginal() {
        Value a = g.node("a", new Reshape(Shape.of(2, 7, 2, 3)), x);
        Value b = g.node("b", slice(List.of(0, 0, 1, 0), List.of(2, 7, 1, 3), List.of(1, 1, 1, 1)), a);
        assertEquals(List.of(slice(List.of(0, 0, 3), List.of(2, 7, 3), List.of(1, 1, 1)), new Reshape(Shape.of(2, 7, 1, 3))),
                ops(apply(b)));
        Value joined = g.node("joined", new Reshape(Shape.of(2, 42)), x);
        Value c = g.node("c", slice(List.of(0, 12), List.of(2, 24), List.of(1, 1)), joined);
        assertEquals(List.of(slice(List.of(0, 2, 0), List.of(2, 4, 6), List.of(1, 1, 1)), new Reshape(Shape.of(2, 24))), ops(apply(c)));
    }

    @Test
    void slicesThatCutAcrossStay() {
        Value joined = g.node("joined", new Reshape(Shape.of(2, 42)), x);
        Value b = g.node("b", slice(List.of(0, 10), List.of(2, 24), List.of(1, 1)), joined);
        Value c = g.node("c", slice(List.of(0, 0), List.of(2, 21), List.of(1, 2)), joined);
        Value d = g.node("d", slice(List.of(0, 0), List.of(1, 6), List.of(1, 1)), joined);
        Value other = g.node("other", new Reshape(Shape.of(7, 12)), x);
        Value e = g.node("e", slice(List.of(0, 0), List.of(7, 6), List.of(1, 1)), other);
        Graph source = g.outputs(b, c, d, e);
        assertSame(source, new SimplifySlices().apply(source, log::add));
    }

    @Test
    void whatIsNotCutGoes() {
        Value a = g.node("a", slice(List.of(0, 0, 0), List.of(2, 7, 6), List.of(1, 1, 1)), x);
        Value y = g.node("y", new Unary(Unary.Kind.TANH), a);
        assertSame(x, apply(y).nodes().getFirst().input(0));
    }
}
