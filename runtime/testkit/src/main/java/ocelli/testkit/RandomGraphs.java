package ocelli.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthToSpace;
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
import ocelli.core.kernel.KernelRequest;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Small random networks of all operators that have a quantised form, thick with what the passes look for: paddings before
 * convolutions, activations behind them, constants that can be folded, identities, dead nodes and values with many readers.
 */
public final class RandomGraphs {
    /** The element types of the activations; QDQ is a quantised network with float operators between Dequantize and Quantize. */
    public enum Kind { QUANTIZED, FLOAT, MIXED, QDQ }

    private static final int LARGEST = 4_000;

    private final Random random;
    private final Kind kind;
    private final ReferenceProvider reference = new ReferenceProvider();
    private final List<Value> inputs = new ArrayList<>();
    private final List<Value> values = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private int names;

    private RandomGraphs(long seed, Kind kind) {
        this.random = new Random(seed * 31 + kind.ordinal());
        this.kind = kind;
    }

    /** The network of a seed; the same on every machine. */
    public static Graph of(long seed, Kind kind) {
        if (kind == Kind.QDQ) {
            return QdqForm.of(of(seed, Kind.QUANTIZED), new Random(seed));
        }
        return new RandomGraphs(seed, kind).graph("random graph " + seed + " " + kind);
    }

    private Graph graph(String name) {
        for (int i = random.nextInt(2); i >= 0; i--) {
            Shape shape = Shape.of(1, 1 + random.nextInt(8), 1 + random.nextInt(8), 1 + random.nextInt(9));
            Value v = Value.of("input" + i, activation(shape, kind == Kind.FLOAT || kind == Kind.MIXED && random.nextBoolean()));
            inputs.add(v);
            values.add(v);
        }
        int wanted = 2 + random.nextInt(14);
        while (nodes.size() < wanted) {
            step();
        }
        List<Value> outputs = new ArrayList<>(List.of(values.getLast()));
        for (int i = random.nextInt(6); i > 0; i--) {
            outputs.add(values.get(random.nextInt(values.size())));
        }
        return new Graph(name, inputs, outputs, nodes);
    }

    private void step() {
        Value x = any();
        int rank = x.type().shape().rank();
        switch (random.nextInt(rank == 4 ? 20 : 10)) {
            case 0 -> unary(x);
            case 1 -> binary(x);
            case 2 -> reshape(x);
            case 3 -> quantize(x);
            case 4 -> fullyConnected(x);
            case 5 -> add(new Softmax(TestData.oneOf(random, 1f, 0.5f)), fresh(x), x);
            case 6 -> concat(x);
            case 7 -> movement(x);
            case 8 -> reduce(x);
            case 9 -> prelu(x);
            case 10, 11, 12, 13, 14 -> convolution(random.nextInt(3) == 0 ? pad(x, true) : x);
            case 15 -> pool(x);
            case 16 -> pad(x, random.nextBoolean());
            case 17 -> resize(x);
            case 18 -> add(new DepthToSpace(1 + random.nextInt(2)), x.type(), x);
            default -> add(new SpaceToDepth(1 + random.nextInt(2)), x.type(), x);
        }
    }

    /** Mostly the newest values, so that chains form. */
    private Value any() {
        int back = random.nextInt(3) > 0 ? random.nextInt(Math.min(2, values.size())) : random.nextInt(values.size());
        return values.get(values.size() - 1 - back);
    }

    private String name(String what) {
        return what + "_" + names++;
    }

    private TensorType activation(Shape shape, boolean floats) {
        if (floats) {
            return new TensorType(DType.FLOAT32, shape, Quantization.NONE);
        }
        DType t = random.nextBoolean() ? DType.INT8 : DType.UINT8;
        float scale = (float) Math.exp(random.nextGaussian()) * 0.05f;
        return new TensorType(t, shape, Quantization.perTensor(scale, TestData.zeroPoint(t, random)));
    }

    /** A result type like that of {@code x}: the same, or with another quantisation. */
    private TensorType fresh(Value x) {
        TensorType t = x.type();
        return !t.isQuantized8() || random.nextBoolean() ? t : sameElements(t, activation(t.shape(), false));
    }

    private static TensorType sameElements(TensorType t, TensorType other) {
        int zero = Math.clamp(other.quant().zeroPoint(), t.dtype().min(), t.dtype().max());
        return new TensorType(t.dtype(), t.shape(), Quantization.perTensor(other.quant().scale(), zero));
    }

    private Value constant(TensorType type) {
        byte[] data = TestData.of(type, random);
        MemorySegment memory = Arena.ofAuto().allocate(Math.max(data.length, 1), 64).asSlice(0, data.length);
        MemorySegment.copy(data, 0, memory, ValueLayout.JAVA_BYTE, 0, data.length);
        return Value.constant(name("constant"), type, memory);
    }

    /** A float constant, at times stored as float16 or in another shape, so that there is something to fold. */
    private Value floats(int... dims) {
        Value v;
        if (random.nextInt(3) == 0) {
            v = constant(TensorType.of(DType.FLOAT16, dims));
            v = node(new Dequantize(), TensorType.of(DType.FLOAT32, dims), v);
        } else {
            v = constant(TensorType.of(DType.FLOAT32, random.nextInt(4) == 0 ? new int[] {Shape.of(dims).elements()} : dims));
        }
        return v.type().shape().equals(Shape.of(dims)) ? v : node(new Reshape(Shape.of(dims)), TensorType.of(DType.FLOAT32, dims), v);
    }

    private Value node(Op op, TensorType type, Value... in) {
        Value out = Value.of(name(op.name()), type);
        nodes.add(new Node(out.name(), op, List.of(in), List.of(out)));
        return out;
    }

    /** Adds a node when operands, size and the reference kernel allow it; else returns its first operand. */
    private Value add(Op op, TensorType like, Value... in) {
        List<TensorType> types = List.of(in).stream().map(Value::type).toList();
        Value out;
        try {
            Shape shape = op.outputShapes(types).get(0);
            if (shape.elements() > LARGEST || shape.elements() == 0) {
                return in[0];
            }
            out = Value.of(name(op.name()), like.withShape(shape));
        } catch (IllegalArgumentException e) {
            // The operator does not take these shapes; its constructor has said so, and another one is drawn.
            return in[0];
        }
        Node node = new Node(out.name(), op, List.of(in), List.of(out));
        if (!reference.supports(KernelRequest.of(node, 1)).isYes()) {
            return in[0];
        }
        nodes.add(node);
        values.add(out);
        return out;
    }

    private Activation activation() {
        return TestData.oneOf(random, Activation.NONE, Activation.NONE, Activation.NONE, Activation.RELU, Activation.RELU6, Activation.RELU_N1_TO_1);
    }

    private void unary(Value x) {
        if (!x.type().isQuantized8() && random.nextInt(6) == 0) {
            add(new Binary(Binary.Kind.MUL, Activation.NONE), x.type(), x, add(new Unary(Unary.Kind.LOGISTIC), x.type(), x));
            return;
        }
        Unary.Kind f = TestData.oneOf(random, Unary.Kind.RELU, Unary.Kind.RELU6, Unary.Kind.RELU_N1_TO_1, Unary.Kind.RELU, Unary.Kind.RELU6,
                Unary.Kind.LOGISTIC, Unary.Kind.TANH, Unary.Kind.HARD_SWISH);
        add(new Unary(f), fresh(x), x);
    }

    private void binary(Value x) {
        Binary op = new Binary(TestData.oneOf(random, Binary.Kind.ADD, Binary.Kind.SUB, Binary.Kind.MUL), activation(),
                TestData.oneOf(random, Binary.Rounding.values()));
        List<Value> partners = new ArrayList<>(values.stream().filter(v -> v.type().dtype() == x.type().dtype()).toList());
        int c = x.type().shape().channels();
        partners.add(x.type().isQuantized8() ? constant(sameElements(x.type(), activation(x.type().shape(), false)).withShape(Shape.of(c))) : floats(c));
        Value y = partners.get(random.nextInt(partners.size()));
        add(op, fresh(x), x, y);
    }

    private void reshape(Value x) {
        Shape s = x.type().shape();
        List<Shape> shapes = new ArrayList<>(List.of(s, Shape.of(1, s.elements()), Shape.of(s.elements()), Shape.of(1, 1, s.elements(), 1)));
        if (s.rank() == 4) {
            shapes.add(Shape.of(s.dim(0), s.dim(1) * s.dim(2), s.dim(3)));
            shapes.add(Shape.of(s.dim(0), s.dim(2), s.dim(1), s.dim(3)));
        }
        add(new Reshape(shapes.get(random.nextInt(shapes.size()))), random.nextInt(4) == 0 ? fresh(x) : x.type(), x);
    }

    private void quantize(Value x) {
        if (x.type().isQuantized8()) {
            if (kind == Kind.MIXED && random.nextBoolean()) {
                add(new Dequantize(), TensorType.of(DType.FLOAT32), x);
            } else {
                add(new Quantize(), random.nextInt(3) == 0 ? x.type() : activation(x.type().shape(), false), x);
            }
        } else if (kind == Kind.MIXED) {
            add(new Quantize(), activation(x.type().shape(), false), x);
        }
    }

    private void fullyConnected(Value x) {
        int k = x.type().shape().channels();
        int n = 1 + random.nextInt(9);
        add(new FullyConnected(random.nextBoolean(), activation()), result(x, k), weighted(x, n, n, k));
    }

    /** Input, weights and at times a bias. */
    private Value[] weighted(Value x, int outChannels, int... weights) {
        boolean bias = random.nextInt(3) > 0;
        if (!x.type().isQuantized8()) {
            return bias ? new Value[] {x, floats(weights), floats(outChannels)} : new Value[] {x, floats(weights)};
        }
        int axis = weights.length == 4 && weights[0] == 1 && weights[3] == outChannels ? 3 : 0;
        Quantization quant;
        DType type = DType.INT8;
        if (random.nextBoolean() && weights[axis] == outChannels) {
            float[] scales = new float[outChannels];
            IntStream.range(0, outChannels).forEach(i -> scales[i] = 0.001f + random.nextFloat() * 0.02f);
            quant = Quantization.perAxis(scales, new int[outChannels], axis);
        } else {
            type = random.nextBoolean() ? DType.INT8 : DType.UINT8;
            quant = Quantization.perTensor(0.01f, TestData.zeroPoint(type, random));
        }
        Value w = constant(new TensorType(type, Shape.of(weights), quant));
        return bias ? new Value[] {x, w, constant(TensorType.of(DType.INT32, outChannels))} : new Value[] {x, w};
    }

    /** The type of a sum of {@code depth} products, wide enough that not everything saturates. */
    private TensorType result(Value x, int depth) {
        if (!x.type().isQuantized8()) {
            return x.type();
        }
        TensorType t = activation(x.type().shape(), false);
        return new TensorType(t.dtype(), t.shape(), Quantization.perTensor(x.type().quant().scale() * (float) Math.sqrt(depth), t.quant().zeroPoint()));
    }

    private Window window(Shape x, int kernelH, int kernelW) {
        int stride = 1 + random.nextInt(2);
        int dilation = random.nextInt(4) == 0 ? 2 : 1;
        return random.nextBoolean() ? Window.same(kernelH, kernelW, stride, stride, dilation, dilation, x.dim(1), x.dim(2))
                : new Window(kernelH, kernelW, stride, 1, dilation, dilation, 0, 0, 0, 0);
    }

    private void convolution(Value x) {
        Shape s = x.type().shape();
        if (s.rank() != 4) {
            return;
        }
        int c = s.dim(3);
        int kh = 1 + random.nextInt(3);
        int kw = 1 + random.nextInt(3);
        Value y;
        if (random.nextInt(3) == 0) {
            int m = 1 + random.nextInt(2);
            y = add(new DepthwiseConv2d(window(s, kh, kw), m, activation()), result(x, kh * kw), weighted(x, c * m, 1, kh, kw, c * m));
        } else {
            int groups = c % 2 == 0 && random.nextInt(4) == 0 ? 2 : 1;
            int out = groups * (1 + random.nextInt(6));
            y = add(new Conv2d(window(s, kh, kw), groups, activation()), result(x, kh * kw * c / groups), weighted(x, out, out, kh, kw, c / groups));
        }
        if (y != x && !y.type().isQuantized8() && random.nextInt(3) == 0) {
            y = normalized(y);
        }
        if (y != x && random.nextBoolean()) {
            add(new Unary(TestData.oneOf(random, Unary.Kind.RELU, Unary.Kind.RELU6, Unary.Kind.RELU_N1_TO_1)), random.nextInt(4) == 0 ? fresh(y) : y.type(), y);
        }
    }

    /** A batch normalisation as a product and a sum. */
    private Value normalized(Value y) {
        Value scaled = add(new Binary(Binary.Kind.MUL, Activation.NONE), y.type(), y, floats(y.type().shape().channels()));
        return add(new Binary(TestData.oneOf(random, Binary.Kind.ADD, Binary.Kind.SUB), activation()), y.type(), scaled,
                floats(y.type().shape().channels()));
    }

    private void pool(Value x) {
        Shape s = x.type().shape();
        boolean max = random.nextBoolean();
        Window w = Window.same(1 + random.nextInt(3), 1 + random.nextInt(3), 1 + random.nextInt(2), 1 + random.nextInt(2), 1, 1, s.dim(1), s.dim(2));
        add(new Pool2d(max ? Pool2d.Kind.MAX : Pool2d.Kind.AVERAGE, w, activation()), max ? x.type() : fresh(x), x);
    }

    private Value pad(Value x, boolean spatial) {
        int rank = x.type().shape().rank();
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        for (int d = 0; d < rank; d++) {
            boolean padded = spatial ? rank == 4 && (d == 1 || d == 2) : random.nextBoolean();
            before.add(padded ? random.nextInt(3) : 0);
            after.add(padded ? random.nextInt(3) : 0);
        }
        return add(new Pad(before, after, spatial && random.nextInt(4) > 0 ? 0 : random.nextInt(3) - 1), random.nextInt(4) == 0 ? fresh(x) : x.type(), x);
    }

    private void resize(Value x) {
        boolean corners = random.nextInt(3) == 0;
        add(new Resize(TestData.oneOf(random, Resize.Kind.NEAREST, Resize.Kind.BILINEAR), 1 + random.nextInt(9), 1 + random.nextInt(9), corners,
                !corners && random.nextBoolean()), x.type(), x);
    }

    private void concat(Value x) {
        List<Value> parts = new ArrayList<>(List.of(x));
        values.stream().filter(v -> v.type().dtype() == x.type().dtype() && v.type().shape().rank() == x.type().shape().rank()).limit(3).forEach(parts::add);
        add(new Concat(random.nextInt(x.type().shape().rank())), fresh(x), parts.toArray(Value[]::new));
    }

    private void movement(Value x) {
        Shape s = x.type().shape();
        List<Integer> order = new ArrayList<>(IntStream.range(0, s.rank()).boxed().toList());
        switch (random.nextInt(4)) {
            case 0 -> {
                Collections.shuffle(order, random);
                add(new Transpose(order), fresh(x), x);
            }
            case 1 -> add(new Tile(order.stream().map(_ -> 1 + random.nextInt(2)).toList()), x.type(), x);
            case 2 -> {
                List<Integer> begin = order.stream().map(d -> random.nextInt(s.dim(d))).toList();
                List<Integer> step = order.stream().map(_ -> TestData.oneOf(random, 1, 1, 2, -1)).toList();
                List<Integer> size = order.stream().map(d -> 1 + random.nextInt(step.get(d) < 0 ? begin.get(d) + 1
                        : (s.dim(d) - begin.get(d) + step.get(d) - 1) / step.get(d))).toList();
                add(new Slice(begin, size, step), x.type(), x);
            }
            default -> split(x, random.nextInt(s.rank()));
        }
    }

    private void split(Value x, int axis) {
        int n = x.type().shape().dim(axis);
        int first = 1 + random.nextInt(n);
        Split op = new Split(axis, first == n ? List.of(n) : List.of(first, n - first));
        List<Value> outs = op.outputShapes(List.of(x.type())).stream().map(s -> Value.of(name("Split"), x.type().withShape(s))).toList();
        nodes.add(new Node(outs.get(0).name(), op, List.of(x), outs));
        values.addAll(outs);
    }

    private void reduce(Value x) {
        List<Integer> axes = IntStream.range(0, x.type().shape().rank()).filter(_ -> random.nextBoolean()).boxed().toList();
        if (!axes.isEmpty()) {
            add(new Reduce(Reduce.Kind.MEAN, axes, random.nextBoolean() || axes.size() == x.type().shape().rank()), fresh(x), x);
        }
    }

    private void prelu(Value x) {
        int c = x.type().shape().channels();
        Value alpha = x.type().isQuantized8() ? constant(TensorType.quantized(DType.INT8, 0.01f, 0, c)) : floats(c);
        add(new PRelu(), fresh(x), x, alpha);
    }
}
