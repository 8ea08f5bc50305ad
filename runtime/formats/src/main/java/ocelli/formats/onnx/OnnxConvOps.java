package ocelli.formats.onnx;

import java.util.Arrays;
import java.util.Map;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvInteger;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.DeformConv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Convolutions over lines and planes. */
final class OnnxConvOps {
    private OnnxConvOps() {
    }

    static Map<String, OnnxMapper> table() {
        return Map.of(
                "Conv", OnnxConvOps::conv,
                "com.microsoft.FusedConv", OnnxConvOps::fusedConv,
                "ConvTranspose", OnnxConvOps::convTranspose,
                "ConvInteger", OnnxConvOps::convInteger,
                "DeformConv", OnnxConvOps::deformConv);
    }

    private static void conv(OnnxNode n) {
        n.output(0, floatConvolution(n));
    }

    private static Value floatConvolution(OnnxNode n) {
        Value x = n.input(0);
        Value w = n.input(1);
        OnnxWeights.requireFloats(n, x, w);
        Value bias = n.hasInput(2) ? n.input(2) : null;
        Shape shape = x.type().shape();
        if (shape.rank() == 5) {
            int[] kernel = kernel(n, shape, w.type().shape());
            OnnxWindow window = OnnxWindow.of(n, OnnxWindow.spatial(n, shape), kernel);
            return OnnxVolumes.convolution(n, x, w, bias, window, groups(n, w.type().shape().dim(0)));
        }
        return convolution(n, x, w, bias, TensorType.of(DType.FLOAT32));
    }

    /**
     * A convolution of [N,C,…] by [O,C/groups,…]. One with as many groups as channels is a depthwise convolution.
     *
     * @param bias null when there is none
     * @param type element type and quantisation of the result
     */
    static Value convolution(OnnxNode n, Value x, Value w, Value bias, TensorType type) {
        Shape shape = x.type().shape();
        OnnxWindow window = window(n, shape, w.type().shape());
        Value image = plane(n, x);
        int groups = groups(n, w.type().shape().dim(0));
        boolean depthwise = groups > 1 && groups == shape.dim(1) && w.type().shape().dim(1) == 1;
        Value kernel = depthwise ? OnnxWeights.depthwise(n, w) : OnnxWeights.convolution(n, w);
        Value[] operands = bias == null ? new Value[] {n.nhwc(image), kernel}
                : new Value[] {n.nhwc(image), kernel, OnnxWeights.vector(n, bias)};
        Value y = depthwise
                ? n.emit(new DepthwiseConv2d(window.flat(), w.type().shape().dim(0) / groups, Activation.NONE), type, operands)
                : n.emit(new Conv2d(window.flat(), groups, Activation.NONE), type, operands);
        return line(n, n.nchw(y), shape);
    }

    private static OnnxWindow window(OnnxNode n, Shape x, Shape w) {
        int[] spatial = OnnxWindow.spatial(n, x);
        if (spatial.length == 3) {
            throw n.unsupported("convolution of a volume " + x + ", wanted [N,C,L] or [N,C,H,W]");
        }
        return OnnxWindow.of(n, spatial, kernel(n, x, w));
    }

    /** The window's size is the weights'; the attribute may only repeat it. */
    private static int[] kernel(OnnxNode n, Shape x, Shape w) {
        if (w.rank() != x.rank()) {
            throw new IllegalArgumentException("weights have shape " + w + " for an input of shape " + x);
        }
        int[] kernel = Arrays.copyOfRange(w.toArray(), 2, w.rank());
        long[] given = n.ints("kernel_shape");
        if (given.length != 0 && !Arrays.equals(given, Arrays.stream(kernel).asLongStream().toArray())) {
            throw new IllegalArgumentException("kernel_shape is " + Arrays.toString(given) + ", the weights have shape " + w);
        }
        return kernel;
    }

    private static int groups(OnnxNode n, int channels) {
        long groups = n.i("group", 1);
        if (groups < 1 || channels % groups != 0) {
            throw new IllegalArgumentException("group is " + groups + " for weights of " + channels + " channels");
        }
        return (int) groups;
    }

    /** [N,C,L] as [N,C,1,L]. */
    static Value plane(OnnxNode n, Value x) {
        Shape s = x.type().shape();
        return s.rank() == 3 ? n.reshape(x, s.dim(0), s.dim(1), 1, s.dim(2)) : x;
    }

    /** Back to [N,C,L] when the input was a line. */
    static Value line(OnnxNode n, Value y, Shape input) {
        Shape s = y.type().shape();
        return input.rank() == 3 ? n.reshape(y, s.dim(0), s.dim(1), s.dim(3)) : y;
    }

    private static void convInteger(OnnxNode n) {
        Value x = OnnxQuantOps.raw(n, n.input(0));
        Value w = OnnxQuantOps.raw(n, n.input(1));
        Shape shape = x.type().shape();
        OnnxWindow window = window(n, shape, w.type().shape());
        Value xZero = OnnxQuantOps.zeroPoint(n, 2, x);
        Value wZero = OnnxQuantOps.zeroPoint(n, 3, w);
        ConvInteger op = new ConvInteger(window.flat(), groups(n, w.type().shape().dim(0)));
        Value y = n.emit(op, DType.INT32, n.nhwc(plane(n, x)), OnnxWeights.convolution(n, w), xZero, wZero);
        n.output(0, line(n, n.nchw(y), shape));
    }

    /** Conv, then a value that is added, then an activation. */
    private static void fusedConv(OnnxNode n) {
        Value y = floatConvolution(n);
        if (n.hasInput(3)) {
            y = n.emit(new Binary(Binary.Kind.ADD, Activation.NONE), y, n.input(3));
        }
        float[] p = n.floats("activation_params");
        String name = n.s("activation", "");
        Unary activation = switch (name) {
            case "" -> null;
            case "Relu" -> new Unary(Unary.Kind.RELU);
            case "Sigmoid" -> new Unary(Unary.Kind.LOGISTIC);
            case "Tanh" -> new Unary(Unary.Kind.TANH);
            case "LeakyRelu" -> new Unary(Unary.Kind.LEAKY_RELU, parameter(name, p, 0), 0);
            case "Clip" -> new Unary(Unary.Kind.CLIP, parameter(name, p, 0), parameter(name, p, 1));
            case "HardSigmoid" -> new Unary(Unary.Kind.HARD_SIGMOID, parameter(name, p, 0), parameter(name, p, 1));
            default -> throw n.unsupported("activation " + name);
        };
        n.output(0, activation == null ? y : n.emit(activation, y));
    }

    private static float parameter(String name, float[] parameters, int i) {
        if (i >= parameters.length) {
            throw new IllegalArgumentException("activation " + name + " has " + parameters.length + " parameters");
        }
        return parameters[i];
    }

    private static void convTranspose(OnnxNode n) {
        Value x = n.input(0);
        Value w = n.input(1);
        OnnxWeights.requireFloats(n, x, w);
        Shape shape = x.type().shape();
        int[] in = OnnxWindow.spatial(n, shape);
        int[] kernel = kernel(n, shape, w.type().shape());
        int groups = groups(n, w.type().shape().dim(0));
        int[] extra = OnnxWindow.numbers(n, "output_padding", in.length, 0);
        OnnxWindow window = transposedWindow(n, in, kernel, extra);
        if (in.length == 3) {
            n.output(0, OnnxVolumes.transposed(n, x, w, n.hasInput(2) ? n.input(2) : null, window, extra, groups));
            return;
        }
        ConvTranspose2d op = new ConvTranspose2d(window.flat(), in.length == 1 ? 0 : extra[0], extra[in.length - 1], groups,
                Activation.NONE);
        Value image = n.nhwc(plane(n, x));
        Value weights = OnnxWeights.transposed(n, w, groups);
        Value y = n.hasInput(2) ? n.emit(op, DType.FLOAT32, image, weights, OnnxWeights.vector(n, n.input(2)))
                : n.emit(op, DType.FLOAT32, image, weights);
        n.output(0, line(n, n.nchw(y), shape));
    }

    /** The padding follows from the output's size where the node says that; {@code extra} grows where it would be negative. */
    private static OnnxWindow transposedWindow(OnnxNode n, int[] in, int[] kernel, int[] extra) {
        OnnxWindow bare = OnnxWindow.unpadded(n, kernel);
        String auto = n.s("auto_pad", "NOTSET");
        long[] size = n.ints("output_shape");
        boolean same = auto.equals("SAME_UPPER") || auto.equals("SAME_LOWER");
        if (size.length == 0 && !same) {
            return auto.equals("VALID") ? bare : bare.explicit(n);
        }
        // Some exporters write the whole shape, [N,C,…].
        long[] wanted = size.length == in.length + 2 ? Arrays.copyOfRange(size, 2, size.length) : size;
        if (size.length != 0 && wanted.length != in.length) {
            throw new IllegalArgumentException("output_shape is " + Arrays.toString(size) + ", wanted " + in.length + " numbers");
        }
        int[] total = new int[in.length];
        for (int i = 0; i < in.length; i++) {
            long out = size.length == 0 ? (long) in[i] * bare.stride()[i] : wanted[i];
            if (out < 1 || out > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("output_shape is " + Arrays.toString(size) + ", wanted sizes of 1…" + Integer.MAX_VALUE);
            }
            long cut = (in[i] - 1L) * bare.stride()[i] + bare.span(i) + extra[i] - out;
            if (Math.abs(cut) > Window.LIMIT) {
                throw new IllegalArgumentException("an output of " + out + " for an input of " + in[i] + " cuts " + cut
                        + ", wanted at most " + Window.LIMIT);
            }
            total[i] = (int) Math.max(cut, 0);
            extra[i] += (int) Math.max(-cut, 0);
        }
        return bare.padded(total, auto.equals("SAME_UPPER"));
    }

    private static void deformConv(OnnxNode n) {
        Value x = n.input(0);
        Value w = n.input(1);
        Shape shape = x.type().shape();
        if (shape.rank() != 4) {
            throw n.unsupported("input of shape " + shape + ", wanted [N,C,H,W]");
        }
        OnnxWeights.requireFloats(n, x, w);
        OnnxWindow window = window(n, shape, w.type().shape());
        int channels = w.type().shape().dim(0);
        long offsetGroups = n.i("offset_group", 1);
        if (offsetGroups < 1 || offsetGroups > shape.dim(1)) {
            throw new IllegalArgumentException("offset_group is " + offsetGroups + " for " + shape.dim(1) + " channels");
        }
        DeformConv2d op = new DeformConv2d(window.flat(), groups(n, channels), (int) offsetGroups, Activation.NONE);
        Value bias = n.hasInput(3) ? OnnxWeights.vector(n, n.input(3)) : n.floats(new float[channels]);
        Value image = n.nhwc(x);
        Value weights = OnnxWeights.convolution(n, w);
        Value offsets = n.nhwc(n.input(2));
        n.output(0, n.nchw(n.hasInput(4) ? n.emit(op, DType.FLOAT32, image, weights, offsets, bias, n.nhwc(n.input(4)))
                : n.emit(op, DType.FLOAT32, image, weights, offsets, bias)));
    }
}
