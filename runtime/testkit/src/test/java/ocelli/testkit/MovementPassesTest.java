package ocelli.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import ocelli.core.graph.Activation;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Slice;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Split;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.pass.Passes;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

/** The blocks of real exporters, with all passes and without: equal bits, and nothing left of the detours. */
class MovementPassesTest {
    private static final Transpose NCHW = new Transpose(List.of(0, 3, 1, 2));
    private static final Transpose NHWC = new Transpose(List.of(0, 2, 3, 1));

    private final Random random = TestData.random("movement passes");
    private final List<Value> inputs = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();

    private Value input(int... dims) {
        Value v = Value.of("x", TensorType.quantized(DType.INT8, 0.1f, 3, dims));
        inputs.add(v);
        return v;
    }

    private Value node(Op op, Value... in) {
        Value out = Value.of(op.name() + nodes.size(), in[0].type()
                .withShape(op.outputShapes(List.of(in).stream().map(Value::type).toList()).getFirst()));
        nodes.add(new Node(out.name(), op, List.of(in), List.of(out)));
        return out;
    }

    private List<Value> split(Value x, int axis, Integer... sizes) {
        Split op = new Split(axis, List.of(sizes));
        List<Value> out = op.outputShapes(List.of(x.type())).stream().map(s -> Value.of("part", x.type().withShape(s))).toList();
        nodes.add(new Node("split" + nodes.size(), op, List.of(x), out));
        return out;
    }

    private Value conv(Value nchw, int channels) {
        Value x = node(NHWC, nchw);
        TensorType w = new TensorType(DType.INT8, Shape.of(channels, 1, 1, x.type().shape().channels()), Quantization.perTensor(0.1f, 0));
        return node(NCHW, node(new Conv2d(Window.pointwise(), 1, Activation.NONE), x,
                Value.constant("w", w, MemorySegment.ofArray(TestData.of(w, random)))));
    }

    /** All passes keep the results; the new graph's operators without the reshapes, which cost nothing. */
    private List<Op> same(Value... outputs) {
        Graph graph = new Graph("block", inputs, List.of(outputs), nodes);
        Graph rewritten = Passes.apply(graph, Passes.standard()).graph();
        for (int i = 0; i < 3; i++) {
            List<byte[]> data = PlanContract.inputs(graph, i);
            PlanContract.same(graph, "all passes", GraphInterpreter.run(graph, data), GraphInterpreter.run(rewritten, data));
        }
        return rewritten.nodes().stream().map(Node::op).filter(op -> !(op instanceof Reshape)).toList();
    }

    /** NanoDet: convolutions join, are shuffled and split again, all in NCHW. */
    @Test
    void shuffleNet() {
        Value x = input(1, 4, 5, 6);
        Value a = node(new Concat(1), conv(x, 3), conv(x, 3));
        Value b = node(new Reshape(Shape.of(1, 2, 3, 5, 6)), a);
        Value c = node(new Reshape(Shape.of(1, 6, 5, 6)), node(new Transpose(List.of(0, 2, 1, 3, 4)), b));
        List<Value> halves = split(c, 1, 3, 3);
        Value y = node(NHWC, node(new Concat(1), halves.get(0), conv(halves.get(1), 3)));
        List<Op> ops = same(y);
        assertTrue(ops.contains(new ChannelShuffle(2)), ops.toString());
        assertEquals(List.of(NHWC), ops.stream().filter(op -> op instanceof Transpose).toList());
        assertTrue(ops.contains(new Split(3, List.of(3, 3))), ops.toString());
    }

    /** FastestDet: even and odd channels become a leading dimension of two, each taken by an index. */
    @Test
    void evenAndOddChannels() {
        Value x = input(1, 4, 5, 6);
        Value a = node(new Concat(1), conv(x, 3), conv(x, 3));
        Value b = node(new Reshape(Shape.of(3, 2, 30)), a);
        Value c = node(new Reshape(Shape.of(2, 1, 3, 5, 6)), node(new Transpose(List.of(1, 0, 2)), b));
        Value even = node(new Reshape(Shape.of(1, 3, 5, 6)), node(new Slice(List.of(0, 0, 0, 0, 0), List.of(1, 1, 3, 5, 6),
                List.of(1, 1, 1, 1, 1)), c));
        Value odd = node(new Reshape(Shape.of(1, 3, 5, 6)), node(new Slice(List.of(1, 0, 0, 0, 0), List.of(1, 1, 3, 5, 6),
                List.of(1, 1, 1, 1, 1)), c));
        Value y = node(NHWC, node(new Concat(1), even, conv(odd, 3)));
        List<Op> ops = same(y);
        assertTrue(ops.contains(new ChannelShuffle(3)), ops.toString());
        assertEquals(List.of(NHWC), ops.stream().filter(op -> op instanceof Transpose).toList());
        assertEquals(2, ops.stream().filter(op -> op instanceof Slice s && s.size().equals(List.of(1, 5, 6, 3))).count());
    }

    /** YOLOX: eight slices, rows first, then columns. */
    @Test
    void focus() {
        Value x = input(1, 3, 6, 8);
        List<Value> parts = new ArrayList<>();
        for (int[] at : new int[][] {{0, 0}, {1, 0}, {0, 1}, {1, 1}}) {
            Value rows = node(new Slice(List.of(0, 0, at[0], 0), List.of(1, 3, 3, 8), List.of(1, 1, 2, 1)), x);
            parts.add(node(new Slice(List.of(0, 0, 0, at[1]), List.of(1, 3, 3, 4), List.of(1, 1, 1, 2)), rows));
        }
        Value y = node(NHWC, conv(node(new Concat(1), parts.toArray(Value[]::new)), 5));
        assertEquals(List.of(NHWC, new SpaceToDepth(2), new Conv2d(Window.pointwise(), 1, Activation.NONE)), same(y));
    }

    /** Random splits of the channels, exchanged: whatever is taken for a shuffle is one. */
    @Test
    void randomShuffles() {
        int shuffles = 0;
        for (int i = 0; i < 300; i++) {
            inputs.clear();
            nodes.clear();
            int[] f = {1 + random.nextInt(2), 1 + random.nextInt(4), 1 + random.nextInt(4), 1 + random.nextInt(3), 1 + random.nextInt(3)};
            boolean first = random.nextBoolean();
            Value x = first ? input(f[0], f[1] * f[2], f[3], f[4]) : input(f[0], f[3], f[4], f[1] * f[2]);
            Shape split = first ? Shape.of(f) : Shape.of(f[0], f[3], f[4], f[1], f[2]);
            List<Integer> perm = new ArrayList<>(IntStream.range(0, 5).boxed().toList());
            java.util.Collections.swap(perm, random.nextInt(5), random.nextInt(5));
            Value t = node(new Transpose(perm), node(new Reshape(split), x));
            Value y = node(new Unary(Unary.Kind.RELU), node(new Reshape(x.type().shape()), t));
            shuffles += same(y).stream().anyMatch(op -> op instanceof ChannelShuffle) ? 1 : 0;
        }
        assertTrue(shuffles > 20, shuffles + " shuffles of 300");
    }

    /** Slices of slices and of reshapes, whatever they cut. */
    @Test
    void randomSlices() {
        int fewer = 0;
        for (int i = 0; i < 500; i++) {
            inputs.clear();
            nodes.clear();
            Value v = input(2 + random.nextInt(3), 6, 4, 1 + random.nextInt(6));
            for (int step = 0; step < 4; step++) {
                v = random.nextInt(3) == 0 ? reshaped(v) : sliced(v);
            }
            long slices = nodes.stream().filter(n -> n.op() instanceof Slice).count();
            fewer += same(v).size() < slices ? 1 : 0;
        }
        assertFalse(fewer < 200, fewer + " networks of 500 with fewer slices");
    }

    private Value reshaped(Value v) {
        Shape s = v.type().shape();
        List<Shape> shapes = new ArrayList<>(List.of(Shape.of(s.elements()), Shape.of(s.dim(0), s.elements() / s.dim(0)),
                Shape.of(1, s.elements())));
        if (s.channels() % 2 == 0) {
            shapes.add(Shape.of(s.elements() / s.channels(), 2, s.channels() / 2));
        }
        return node(new Reshape(shapes.get(random.nextInt(shapes.size()))), v);
    }

    private Value sliced(Value v) {
        int rank = v.type().shape().rank();
        int only = random.nextInt(rank);
        List<Integer> begin = new ArrayList<>();
        List<Integer> size = new ArrayList<>();
        List<Integer> step = new ArrayList<>();
        boolean all = random.nextInt(4) == 0;
        for (int d = 0; d < rank; d++) {
            int n = v.type().shape().dim(d);
            int s = (d == only || all) && random.nextInt(3) == 0 ? TestData.oneOf(random, 2, -1) : 1;
            int b = d != only && !all ? 0 : random.nextInt(n);
            int most = s < 0 ? b + 1 : (n - b + s - 1) / s;
            begin.add(b);
            step.add(s);
            size.add(d != only && !all ? n : 1 + random.nextInt(most));
        }
        return node(new Slice(begin, size, step), v);
    }
}
