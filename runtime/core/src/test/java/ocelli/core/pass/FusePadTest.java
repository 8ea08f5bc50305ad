package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class FusePadTest {
    private static final Window WINDOW = new Window(3, 3, 2, 2, 1, 1, 1, 0, 0, 0);
    private static final Pad SPATIAL = new Pad(List.of(0, 1, 2, 0), List.of(0, 3, 4, 0), 0);

    private final TestGraph g = new TestGraph();
    private final List<String> log = new ArrayList<>();
    private final Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 8, 8, 2));
    private final Value weights = g.constant("w", TensorType.of(DType.FLOAT32, 4, 3, 3, 2));

    private Graph fuse(Graph graph) {
        return new FusePad().apply(graph, log::add);
    }

    private Value conv(Value in) {
        return g.node("conv", new Conv2d(WINDOW, 1, Activation.RELU), in, weights);
    }

    private void stays(Graph graph) {
        assertSame(graph, fuse(graph));
        assertEquals(List.of(), log);
    }

    @Test
    void paddingsAddUp() {
        Value y = conv(g.node("pad", SPATIAL, x));
        Graph out = new DropDeadNodes().apply(fuse(g.outputs(y)), _ -> { });
        assertEquals(List.of("pad into conv"), log);
        assertEquals(1, out.nodes().size());
        Node node = out.nodes().get(0);
        assertEquals(new Conv2d(new Window(3, 3, 2, 2, 1, 1, 2, 2, 3, 4), 1, Activation.RELU), node.op());
        assertSame(x, node.input(0));
        assertSame(weights, node.input(1));
        assertSame(y, out.outputs().get(0));
    }

    @Test
    void aChainOfPaddings() {
        Value y = conv(g.node("second", SPATIAL, g.node("first", new Pad(List.of(0, 1, 0, 0), List.of(0, 0, 1, 0), 0), x)));
        Node node = fuse(g.outputs(y)).nodes().getLast();
        assertEquals(List.of("second into conv", "first into conv"), log);
        assertEquals(new Window(3, 3, 2, 2, 1, 1, 3, 2, 3, 5), ((Conv2d) node.op()).window());
        assertSame(x, node.input(0));
    }

    @Test
    void depthwiseToo() {
        Value padded = g.node("pad", SPATIAL, x);
        Value w = g.constant("dw", TensorType.of(DType.FLOAT32, 1, 3, 3, 4));
        Graph out = fuse(g.outputs(g.node("y", new DepthwiseConv2d(WINDOW, 2, Activation.NONE), padded, w)));
        assertEquals(new DepthwiseConv2d(new Window(3, 3, 2, 2, 1, 1, 2, 2, 3, 4), 2, Activation.NONE), out.nodes().getLast().op());
    }

    /** The padding stays for the graph's output and is no longer read by the convolution. */
    @Test
    void aPadWithOtherReadersStays() {
        Value padded = g.node("pad", SPATIAL, x);
        Graph out = new DropDeadNodes().apply(fuse(g.outputs(conv(padded), padded)), _ -> { });
        assertEquals(List.of("pad", "conv"), out.nodes().stream().map(Node::name).toList());
        assertSame(x, out.nodes().get(1).input(0));
    }

    @Test
    void otherValuesStay() {
        stays(g.outputs(conv(g.node("pad", new Pad(SPATIAL.before(), SPATIAL.after(), 1), x))));
    }

    @Test
    void otherDimensionsStay() {
        for (int d : new int[] {0, 3}) {
            for (boolean before : new boolean[] {true, false}) {
                List<Integer> some = new ArrayList<>(List.of(0, 0, 0, 0));
                some.set(d, 2);
                List<Integer> none = List.of(0, 0, 0, 0);
                TestGraph t = new TestGraph();
                Value in = t.input("x", TensorType.of(DType.FLOAT32, 1, 8, 8, 2));
                Value padded = t.node("pad", new Pad(before ? some : none, before ? none : some, 0), in);
                Value w = t.constant("w", TensorType.of(DType.FLOAT32, 4, 3, 3, padded.type().shape().dim(3)));
                stays(t.outputs(t.node("conv", new Conv2d(WINDOW, 1, Activation.NONE), padded, w)));
            }
        }
    }

    /** What a pool pads is not part of its mean or maximum. */
    @Test
    void poolsStay() {
        for (Pool2d.Kind kind : Pool2d.Kind.values()) {
            TestGraph t = new TestGraph();
            Value padded = t.node("pad", SPATIAL, t.input("x", x.type()));
            Op pool = new Pool2d(kind, Window.of(3, 1), Activation.NONE);
            stays(t.outputs(t.node("pool", pool, padded)));
        }
    }

    private static Op maximum(int pad) {
        return new Pool2d(Pool2d.Kind.MAX, Window.of(3, 2).withPads(pad, pad, pad, pad), Activation.NONE);
    }

    private static final Pad ONE = new Pad(List.of(0, 1, 1, 0), List.of(0, 1, 1, 0), 0);

    /** After a ReLU a zero is never more than the elements of its window. */
    @Test
    void aMaximumTakesAPaddingThatCannotWin() {
        for (Unary.Kind kind : List.of(Unary.Kind.RELU, Unary.Kind.LOGISTIC)) {
            TestGraph t = new TestGraph();
            Value relu = t.node("relu", new Unary(kind), t.input("x", x.type()));
            Graph out = fuse(t.outputs(t.node("pool", maximum(1), t.node("pad", ONE, relu))));
            assertEquals(new Pool2d(Pool2d.Kind.MAX, Window.of(3, 2).withPads(2, 2, 2, 2), Activation.NONE), out.nodes().getLast().op());
        }
        TestGraph t = new TestGraph();
        Value lowest = t.node("pad", new Pad(ONE.before(), ONE.after(), Float.NEGATIVE_INFINITY), t.input("x", x.type()));
        assertSame(t.outputs().inputs().get(0), fuse(t.outputs(t.node("pool", maximum(0), lowest))).nodes().getLast().input(0));
        TestGraph q = new TestGraph();
        Value zeros = q.node("pad", ONE, q.input("x", TensorType.quantized(DType.UINT8, 0.5f, 0, 1, 8, 8, 2)));
        assertEquals(1, new DropDeadNodes().apply(fuse(q.outputs(q.node("pool", maximum(0), zeros))), _ -> { }).nodes().size());
    }

    @Test
    void aMaximumLeavesPaddingsThatCouldWinOrFillAWindow() {
        for (Unary.Kind kind : List.of(Unary.Kind.TANH, Unary.Kind.RELU_N1_TO_1)) {
            TestGraph t = new TestGraph();
            stays(t.outputs(t.node("pool", maximum(1), t.node("pad", ONE, t.node("f", new Unary(kind), t.input("x", x.type()))))));
        }
        TestGraph q = new TestGraph();
        stays(q.outputs(q.node("pool", maximum(0), q.node("pad", ONE,
                q.input("x", TensorType.quantized(DType.INT8, 0.5f, 0, 1, 8, 8, 2))))));
        TestGraph w = new TestGraph();
        Value wide = w.node("pad", new Pad(List.of(0, 2, 2, 0), List.of(0, 2, 2, 0), 0),
                w.node("f", new Unary(Unary.Kind.RELU), w.input("x", x.type())));
        stays(w.outputs(w.node("pool", maximum(1), wide)));
        TestGraph e = new TestGraph();
        Value edge = e.node("pad", new Pad(ONE.before(), ONE.after(), 0, Pad.Mode.EDGE),
                e.node("f", new Unary(Unary.Kind.RELU), e.input("x", x.type())));
        stays(e.outputs(e.node("pool", maximum(0), edge)));
    }

    @Test
    void aPadThatRequantisesStays() {
        TestGraph t = new TestGraph();
        Value q = t.input("q", TensorType.quantized(DType.INT8, 0.5f, 3, 1, 8, 8, 2));
        Value padded = t.node("pad", SPATIAL, DType.INT8, Quantization.perTensor(0.5f, 4), q);
        Value w = t.constant("w", TensorType.quantized(DType.INT8, 0.1f, 0, 4, 3, 3, 2));
        stays(t.outputs(t.node("conv", new Conv2d(WINDOW, 1, Activation.NONE), padded, w)));
    }

    /** A window has a largest padding; more than that is not an error but a Pad. */
    @Test
    void paddingsBeyondTheWindowsLimitStay() {
        for (int large : new int[] {Window.LIMIT, Integer.MAX_VALUE / 4}) {
            TestGraph t = new TestGraph();
            Value in = t.input("x", TensorType.of(DType.FLOAT32, 1, 1, 1, 1));
            Value padded = t.node("pad", new Pad(List.of(0, large, 0, 0), List.of(0, 2, 2, 0), 0), in);
            Value w = t.constant("w", TensorType.of(DType.FLOAT32, 1, 3, 3, 1));
            stays(t.outputs(t.node("conv", new Conv2d(WINDOW, 1, Activation.NONE), padded, w)));
        }
    }
}
