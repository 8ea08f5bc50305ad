package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class CanonicalizeTest {
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    private final TestGraph g = new TestGraph();
    private final List<String> log = new ArrayList<>();
    private final Value x = g.input("x", TensorType.of(DType.FLOAT32, 2, 3));

    private Graph apply(Graph graph) {
        return new Canonicalize().apply(graph, log::add);
    }

    private void stays(Graph graph) {
        assertSame(graph, apply(graph));
        assertEquals(List.of(), log);
    }

    private Value binary(String name, Binary.Kind kind, Value... in) {
        return g.node(name, new Binary(kind, Activation.NONE), in);
    }

    private Value number(float c) {
        return g.floats("number", new int[0], c);
    }

    private Node only(Graph graph) {
        assertEquals(1, graph.nodes().size());
        return graph.nodes().get(0);
    }

    @Test
    void aMinimumWithANumberIsAClip() {
        Node node = only(apply(g.outputs(binary("y", Binary.Kind.MIN, number(6), x))));
        assertEquals(new Unary(Unary.Kind.CLIP, -INFINITY, 6), node.op());
        assertEquals(List.of(x), node.inputs());
        assertEquals(List.of("y, a Minimum, to Clip"), log);
    }

    @Test
    void aMaximumWithANumberIsAClipOrARelu() {
        assertEquals(new Unary(Unary.Kind.CLIP, -1, INFINITY), only(apply(g.outputs(binary("y", Binary.Kind.MAX, x, number(-1))))).op());
        TestGraph t = new TestGraph();
        Value in = t.input("x", x.type());
        Value y = t.node("y", new Binary(Binary.Kind.MAX, Activation.NONE), in, t.floats("zero", new int[] {1}, 0));
        assertEquals(new Unary(Unary.Kind.RELU), only(apply(t.outputs(y))).op());
    }

    @Test
    void clampsInARowAreOne() {
        Value y = g.node("c", new Unary(Unary.Kind.CLIP, -2, 4), binary("b", Binary.Kind.MIN, g.node("a", new Unary(Unary.Kind.RELU), x), number(6)));
        Graph source = g.outputs(y);
        Node node = only(apply(source));
        assertEquals(new Unary(Unary.Kind.CLIP, 0, 4), node.op());
        assertSame(x, node.input(0));
        assertEquals(List.of("b, a Minimum, to Clip", "a into b", "b into c"), log);
        assertSame(y, node.output());
    }

    /** What the second clamp lets nothing through of becomes its bound. */
    @Test
    void disjointClampsGiveTheSecondOnesBound() {
        Graph source = g.outputs(g.node("b", new Unary(Unary.Kind.CLIP, 7, 8), g.node("a", new Unary(Unary.Kind.CLIP, 0, 1), x)));
        Graph out = apply(source);
        assertEquals(new Unary(Unary.Kind.CLIP, 7, 7), only(out).op());
        Runs.agree(source, out, 0);
    }

    @Test
    void aClampWithOtherReadersStays() {
        Value a = g.node("a", new Unary(Unary.Kind.RELU), x);
        stays(g.outputs(g.node("b", new Unary(Unary.Kind.RELU6), a), a));
    }

    @Test
    void aQuotientByConstantsIsAProduct() {
        Value by = g.floats("by", new int[] {3}, 2, -4, 3);
        Node node = only(apply(g.outputs(binary("y", Binary.Kind.DIV, x, by))));
        assertEquals(new Binary(Binary.Kind.MUL, Activation.NONE), node.op());
        assertSame(x, node.input(0));
        for (int i = 0; i < 3; i++) {
            assertEquals(new float[] {0.5f, -0.25f, 1 / 3f}[i], node.input(1).data().orElseThrow().getAtIndex(ValueLayout.JAVA_FLOAT, i));
        }
    }

    @Test
    void reciprocalsThatAreNoNormalNumbersStay() {
        for (float c : new float[] {0, Float.MIN_VALUE, Float.MAX_VALUE, INFINITY, Float.NaN}) {
            TestGraph t = new TestGraph();
            stays(t.outputs(t.node("y", new Binary(Binary.Kind.DIV, Activation.NONE), t.input("x", x.type()), t.floats("by", new int[0], c))));
        }
    }

    @Test
    void aSquareIsAProduct() {
        Node node = only(apply(g.outputs(binary("y", Binary.Kind.POW, x, number(2)))));
        assertEquals(new Binary(Binary.Kind.MUL, Activation.NONE), node.op());
        assertEquals(List.of(x, x), node.inputs());
    }

    @Test
    void othersStay() {
        Value z = g.input("z", x.type());
        Value wide = g.floats("wide", new int[] {1, 1, 1}, 1);
        stays(g.outputs(binary("a", Binary.Kind.MIN, x, z), binary("b", Binary.Kind.MAX, x, g.floats("three", new int[] {3}, 1, 2, 3)),
                binary("c", Binary.Kind.DIV, number(1), x), binary("d", Binary.Kind.POW, x, number(3)), binary("e", Binary.Kind.ADD, x, number(1)),
                binary("f", Binary.Kind.MIN, x, wide), binary("g", Binary.Kind.MAX, x, number(Float.NaN))));
    }

    /** A remainder of integers is another operator. */
    @Test
    void integersStay() {
        TestGraph t = new TestGraph();
        Value i = t.input("i", TensorType.of(DType.INT32, 2));
        stays(t.outputs(t.node("y", new Binary(Binary.Kind.DIV, Activation.NONE), i, t.constant("c", TensorType.of(DType.INT32, 1)))));
    }
}
