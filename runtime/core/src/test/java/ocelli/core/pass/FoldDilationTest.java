package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class FoldDilationTest {
    private static final Conv2d CONV = new Conv2d(Window.of(3, 1), 1, Activation.RELU);

    private final List<String> log = new ArrayList<>();

    private Graph fold(Graph graph) {
        return new DropDeadNodes().apply(new FoldDilation().apply(graph, log::add), _ -> { });
    }

    private static Value toBatch(TestGraph g, Value x, int bh, int bw) {
        Shape s = x.type().shape();
        int h = s.dim(1) / bh;
        int w = s.dim(2) / bw;
        Value split = g.node("split", new Reshape(Shape.of(s.dim(0), h, bh, w, bw, s.dim(3))), x);
        Value moved = g.node("to batch", new Transpose(List.of(2, 4, 0, 1, 3, 5)), split);
        return g.node("batches", new Reshape(Shape.of(s.dim(0) * bh * bw, h, w, s.dim(3))), moved);
    }

    private static Value toSpace(TestGraph g, Value y, int bh, int bw) {
        Shape s = y.type().shape();
        int n = s.dim(0) / (bh * bw);
        Value split = g.node("blocks", new Reshape(Shape.of(bh, bw, n, s.dim(1), s.dim(2), s.dim(3))), y);
        Value moved = g.node("to space", new Transpose(List.of(2, 3, 0, 4, 1, 5)), split);
        return g.node("space", new Reshape(Shape.of(n, s.dim(1) * bh, s.dim(2) * bw, s.dim(3))), moved);
    }

    private static Value floats(TestGraph g, String name, int... dims) {
        Random random = new Random(3);
        float[] elements = new float[Shape.of(dims).elements()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = random.nextFloat() - 0.5f;
        }
        return g.floats(name, dims, elements);
    }

    private static Value bytes(TestGraph g, String name, int... dims) {
        byte[] data = new byte[Shape.of(dims).elements()];
        new Random(4).nextBytes(data);
        return g.constant(name, TensorType.quantized(DType.INT8, 0.02f, 0, dims), data);
    }

    /** Two images, blocks that differ in height and width. */
    @Test
    void aConvolutionInBlocksIsADilatedOne() {
        TestGraph g = new TestGraph();
        Value x = g.input("x", TensorType.of(DType.FLOAT32, 2, 8, 9, 2));
        Value y = toSpace(g, g.node("conv", CONV, toBatch(g, x, 2, 3), floats(g, "w", 4, 3, 3, 2), floats(g, "b", 4)), 2, 3);
        Graph source = g.outputs(y);
        Graph out = fold(source);
        assertEquals(List.of("conv dilated by 2x3"), log);
        assertEquals(new Conv2d(new Window(3, 3, 1, 1, 2, 3, 0, 0, 0, 0), 1, Activation.RELU), out.nodes().getFirst().op());
        assertEquals(1, out.nodes().size());
        assertSame(x, out.nodes().getFirst().input(0));
        assertSame(y, out.outputs().getFirst());
        Runs.agree(source, out, 1e-6);
    }

    @Test
    void quantisedAndDepthwiseToo() {
        TestGraph g = new TestGraph();
        Value x = g.input("x", TensorType.quantized(DType.INT8, 0.5f, 3, 1, 10, 10, 3));
        Value batches = toBatch(g, x, 2, 2);
        Value b = g.constant("b", TensorType.of(DType.INT32, 6));
        Value conv = g.node("conv", new DepthwiseConv2d(Window.of(3, 1), 2, Activation.NONE), DType.INT8, Quantization.perTensor(0.1f, -5),
                batches, bytes(g, "w", 1, 3, 3, 6), b);
        Graph source = g.outputs(toSpace(g, conv, 2, 2));
        Graph out = fold(source);
        assertEquals(List.of(new DepthwiseConv2d(new Window(3, 3, 1, 1, 2, 2, 0, 0, 0, 0), 2, Activation.NONE)),
                out.nodes().stream().map(Node::op).toList());
        Runs.agree(source, out, 0);
    }

    /** SAME padding of 7×5: two pixels around, and one more row and column to fill the blocks, which the slice takes off again. */
    @Test
    void whatFillsTheBlocksIsNotPadded() {
        TestGraph g = new TestGraph();
        Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 7, 5, 2));
        Value padded = g.node("pad", new Pad(List.of(0, 2, 2, 0), List.of(0, 3, 3, 0), 0), x);
        Value space = toSpace(g, g.node("conv", CONV, toBatch(g, padded, 2, 2), floats(g, "w", 4, 3, 3, 2)), 2, 2);
        Value y = g.node("cut", new Slice(List.of(0, 0, 0, 0), List.of(1, 7, 5, 4), List.of(1, 1, 1, 1)), space);
        Graph source = g.outputs(y);
        Graph out = fold(source);
        assertEquals(List.of(new Pad(List.of(0, 2, 2, 0), List.of(0, 2, 2, 0), 0),
                new Conv2d(new Window(3, 3, 1, 1, 2, 2, 0, 0, 0, 0), 1, Activation.RELU)), out.nodes().stream().map(Node::op).toList());
        Runs.agree(source, out, 1e-6);
        assertEquals(1, new DropDeadNodes().apply(new FusePad().apply(out, _ -> { }), _ -> { }).nodes().size());
    }

    /** What is cut off of the input itself must be computed. */
    @Test
    void aSliceOfMoreThanThePaddingStays() {
        TestGraph g = new TestGraph();
        Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 7, 5, 2));
        Value padded = g.node("pad", new Pad(List.of(0, 0, 2, 0), List.of(0, 1, 1, 0), 0), x);
        Value space = toSpace(g, g.node("conv", CONV, toBatch(g, padded, 2, 2), floats(g, "w", 4, 3, 3, 2)), 2, 2);
        Graph source = g.outputs(g.node("cut", new Slice(List.of(0, 1, 1, 0), List.of(1, 2, 2, 4), List.of(1, 1, 1, 1)), space));
        Graph out = fold(source);
        assertEquals(List.of("pad", "conv", "cut"), out.nodes().stream().map(Node::name).toList());
        Runs.agree(source, out, 1e-6);
    }

    private void stays(Graph graph) {
        assertSame(graph, new FoldDilation().apply(graph, log::add));
        assertEquals(List.of(), log);
    }

    @Test
    void otherConvolutionsStay() {
        for (Window w : List.of(Window.of(3, 2), Window.of(3, 1).withPads(1, 0, 0, 0), new Window(3, 3, 1, 1, 2, 1, 0, 0, 0, 0))) {
            TestGraph g = new TestGraph();
            Op op = new Conv2d(w, 1, Activation.NONE);
            Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 12, 12, 2));
            stays(g.outputs(toSpace(g, g.node("conv", op, toBatch(g, x, 2, 2), floats(g, "w", 4, 3, 3, 2)), 2, 2)));
        }
    }

    /** 2×3 blocks that come back as 3×2 are no dilation. */
    @Test
    void otherBlocksAndOtherReadersStay() {
        TestGraph g = new TestGraph();
        Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 8, 9, 2));
        Value w = floats(g, "w", 4, 3, 3, 2);
        stays(g.outputs(toSpace(g, g.node("conv", CONV, toBatch(g, x, 2, 3), w), 3, 2)));
        TestGraph r = new TestGraph();
        Value conv = r.node("conv", CONV, toBatch(r, r.input("x", x.type()), 2, 3), w);
        stays(r.outputs(toSpace(r, conv, 2, 3), conv));
    }
}
