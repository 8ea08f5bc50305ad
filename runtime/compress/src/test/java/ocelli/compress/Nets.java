package ocelli.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;

/** Small networks with weights from a fixed seed, and pictures of noise to run them on. */
final class Nets {
    private final Random random;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Value> inputs = new ArrayList<>();

    Nets(long seed) {
        random = new Random(seed);
    }

    Value input(int... dims) {
        Value v = Value.of("in", TensorType.of(DType.FLOAT32, dims));
        inputs.add(v);
        return v;
    }

    Value conv(String name, Value x, int out, int kernel, Activation a) {
        int in = x.type().shape().channels();
        return add(name, new Conv2d(window(kernel), 1, a), x,
                noise(name + " w", 1.5 / Math.sqrt(in * kernel * kernel), out, kernel, kernel, in),
                noise(name + " b", 0.3, out));
    }

    Value depthwise(String name, Value x, Activation a) {
        int channels = x.type().shape().channels();
        return add(name, new DepthwiseConv2d(window(3), 1, a), x, noise(name + " w", 0.5, 1, 3, 3, channels),
                noise(name + " b", 0.3, channels));
    }

    private static Window window(int kernel) {
        int pad = kernel / 2;
        return new Window(kernel, kernel, 1, 1, 1, 1, pad, pad, pad, pad);
    }

    Value add(String name, Op op, Value... in) {
        Shape shape = op.outputShapes(Arrays.stream(in).map(Value::type).toList()).getFirst();
        Value out = Value.of(name + " out", TensorType.of(DType.FLOAT32, shape.toArray()));
        nodes.add(new Node(name, op, List.of(in), List.of(out)));
        return out;
    }

    Value noise(String name, double deviation, int... dims) {
        double[] elements = new double[Shape.of(dims).elements()];
        Arrays.setAll(elements, _ -> deviation * random.nextGaussian());
        return Constants.floats(name, Shape.of(dims), elements);
    }

    Graph outputs(Value... outputs) {
        return new Graph("net", inputs, List.of(outputs), nodes);
    }

    static SessionOptions options() {
        return SessionOptions.defaults();
    }

    /** Pictures of noise between −1 and 1. */
    static Samples samples(int n) {
        return new Samples() {
            @Override
            public int size() {
                return n;
            }

            @Override
            public void feed(int index, List<Tensor> tensors) {
                Random noise = new Random(index);
                MemorySegment data = tensors.getFirst().data();
                for (long i = 0; i < data.byteSize() / 4; i++) {
                    data.setAtIndex(ValueLayout.JAVA_FLOAT, i, noise.nextFloat() * 2 - 1);
                }
            }
        };
    }

    /** The outputs of a network on one sample, as real numbers. */
    static List<double[]> run(Graph graph, int sample) {
        try (Session session = Session.open(graph, options())) {
            samples(sample + 1).feed(sample, session.inputs());
            session.run();
            return session.outputs().stream().map(t -> {
                double[] reals = new double[t.type().shape().elements()];
                Arrays.setAll(reals, t::real);
                return reals;
            }).toList();
        }
    }
}
