package ocelli.formats.tflite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import ocelli.formats.NotSupported;
import ocelli.formats.tflite.TfliteOps.Mapped;

/** Convolutions, pooling, fully connected layers and matrix products. */
final class TfliteWindowOps {
    private TfliteWindowOps() {
    }

    private static Window window(OpContext c, int kernelH, int kernelW, int dilationW, int dilationH) {
        Shape x = rank4(c, 0);
        int strideW = c.i32(1, 1);
        int strideH = c.i32(2, 1);
        int padding = c.i8(0);
        return switch (padding) {
            case 0 -> Window.same(kernelH, kernelW, checked(strideH), checked(strideW), dilationH, dilationW, x.dim(1), x.dim(2));
            case 1 -> new Window(kernelH, kernelW, strideH, strideW, dilationH, dilationW, 0, 0, 0, 0);
            default -> throw new IllegalArgumentException("padding is " + padding + ", wanted SAME (0) or VALID (1)");
        };
    }

    private static int checked(int stride) {
        if (stride < 1) {
            throw new IllegalArgumentException("stride is " + stride + ", wanted at least 1");
        }
        return stride;
    }

    private static Shape rank4(OpContext c, int input) {
        Shape s = c.inputShape(input);
        if (s.rank() != 4) {
            throw new IllegalArgumentException("input " + input + " has shape " + s + ", wanted rank 4");
        }
        return s;
    }

    /**
     * Input, weights and bias of a convolution-like operator. Weights that are quantised or float16 while the input is float32 are
     * converted to float32 when the model is opened: the network then computes in float32 throughout, where TensorFlow Lite's own
     * dynamic-range kernels round the activations to 8 bits for each run.
     *
     * @throws NotSupported when the types are mixed in another way, as with 16-bit activations
     */
    private static List<Value> operands(OpContext c, int input, int weights) {
        Value x = c.input(input);
        Value w = asFloat(c, c.input(weights), x);
        boolean floats = x.type().dtype() == DType.FLOAT32 && w.type().dtype() == DType.FLOAT32;
        if (!floats && !(x.type().isQuantized8() && w.type().isQuantized8())) {
            throw new NotSupported("input " + x.type() + " with weights " + w.type()
                    + ", wanted float32 with float32 or quantised 8-bit with quantised 8-bit");
        }
        int bias = Math.max(input, weights) + 1;
        if (!c.hasInput(bias)) {
            return List.of(x, w);
        }
        Value b = asFloat(c, c.input(bias), x);
        DType wanted = floats ? DType.FLOAT32 : DType.INT32;
        if (b.type().dtype() != wanted) {
            throw new NotSupported("bias " + b.type() + ", wanted " + wanted.label());
        }
        return List.of(x, w, b);
    }

    private static Value asFloat(OpContext c, Value constant, Value x) {
        boolean stored = constant.isConstant() && (constant.type().isQuantized8() || constant.type().dtype() == DType.FLOAT16);
        return stored && x.type().dtype() == DType.FLOAT32 ? c.add("float", new Dequantize(), TensorType.of(DType.FLOAT32), constant) : constant;
    }

    static Mapped conv(OpContext c) {
        Shape x = rank4(c, 0);
        Shape w = rank4(c, 1);
        Window window = window(c, w.dim(1), w.dim(2), c.i32(4, 1), c.i32(5, 1));
        int depth = Math.max(w.dim(3), 1);
        // TFLite has no field for groups: weights with fewer channels than the input mean a grouped convolution.
        return new Mapped(new Conv2d(window, Math.max(x.dim(3) / depth, 1), c.activation(3)), operands(c, 0, 1));
    }

    static Mapped depthwise(OpContext c) {
        Shape x = rank4(c, 0);
        Shape w = rank4(c, 1);
        Window window = window(c, w.dim(1), w.dim(2), c.i32(5, 1), c.i32(6, 1));
        // The multiplier follows from the shapes; files are known whose option disagrees.
        return new Mapped(new DepthwiseConv2d(window, Math.max(w.dim(3) / Math.max(x.dim(3), 1), 1), c.activation(4)), operands(c, 0, 1));
    }

    /** TRANSPOSE_CONV: inputs are the output's shape, the weights [O,kH,kW,C], the input, and a bias. */
    static Mapped transposeConv(OpContext c) {
        int[] size = c.constants(0, "output shape");
        Shape w = rank4(c, 1);
        Shape x = rank4(c, 2);
        if (size.length != 4) {
            throw new IllegalArgumentException("output shape has " + size.length + " entries, wanted 4");
        }
        int strideW = checked(c.i32(1, 1));
        int strideH = checked(c.i32(2, 1));
        boolean same = switch (c.i8(0)) {
            case 0 -> true;
            case 1 -> false;
            default -> throw new IllegalArgumentException("padding is " + c.i8(0) + ", wanted SAME (0) or VALID (1)");
        };
        // The padding is that of the forward convolution from the output to the input; what is behind it is cut off or added.
        Window forward = same ? Window.same(w.dim(1), w.dim(2), strideH, strideW, 1, 1, size[1], size[2])
                : new Window(w.dim(1), w.dim(2), strideH, strideW, 1, 1, 0, 0, 0, 0);
        long behindH = (x.dim(1) - 1L) * strideH + w.dim(1) - forward.padTop() - size[1];
        long behindW = (x.dim(2) - 1L) * strideW + w.dim(2) - forward.padLeft() - size[2];
        if (Math.max(Math.abs(behindH), Math.abs(behindW)) > Window.LIMIT) {
            throw new IllegalArgumentException("output shape is " + Arrays.toString(size) + " for input " + x);
        }
        Window window = forward.withPads(forward.padTop(), forward.padLeft(), (int) Math.max(behindH, 0), (int) Math.max(behindW, 0));
        return new Mapped(new ConvTranspose2d(window, (int) Math.max(-behindH, 0), (int) Math.max(-behindW, 0), 1, c.activation(3)),
                operands(c, 2, 1));
    }

    static Mapped fullyConnected(OpContext c) {
        if (c.i8(1) != 0) {
            throw new NotSupported("shuffled weights format");
        }
        return new Mapped(new FullyConnected(c.bool(2), c.activation(0)), operands(c, 0, 1));
    }

    /** BATCH_MATMUL: either operand may be given with its last two dimensions swapped. */
    static Mapped batchMatMul(OpContext c) {
        Value a = c.input(0);
        Value b = asFloat(c, c.input(1), a);
        return new Mapped(new MatMul(), List.of(c.bool(0) ? swapped(c, a) : a, c.bool(1) ? swapped(c, b) : b));
    }

    private static Value swapped(OpContext c, Value v) {
        int rank = v.type().shape().rank();
        if (rank < 2) {
            throw new IllegalArgumentException("operand is " + v + ", wanted rank 2 or more");
        }
        List<Integer> perm = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        Collections.swap(perm, rank - 1, rank - 2);
        return c.add("swapped", new Transpose(perm), v);
    }

    static Mapped averagePool(OpContext c) {
        return pool(c, Pool2d.Kind.AVERAGE);
    }

    static Mapped maxPool(OpContext c) {
        return pool(c, Pool2d.Kind.MAX);
    }

    private static Mapped pool(OpContext c, Pool2d.Kind kind) {
        Activation activation = c.activation(5);
        TensorType x = c.input(0).type();
        if (x.dtype() != DType.FLOAT32 && !x.isQuantized8()) {
            throw new NotSupported("input " + x + ", wanted float32 or quantised 8-bit");
        }
        return new Mapped(new Pool2d(kind, window(c, c.i32(4, 1), c.i32(3, 1), 1, 1), activation), c.firstInputs(1));
    }

    /** L2_POOL_2D: the root of the mean square of a window. */
    static Mapped l2Pool(OpContext c) {
        Activation activation = c.activation(5);
        Value x = c.input(0);
        if (x.type().dtype() != DType.FLOAT32) {
            throw new NotSupported("input " + x + ", wanted float32");
        }
        Value squares = c.add("squares", new Binary(Binary.Kind.MUL, Activation.NONE), x, x);
        Value mean = c.add("mean", new Pool2d(Pool2d.Kind.AVERAGE, window(c, c.i32(4, 1), c.i32(3, 1), 1, 1), Activation.NONE), squares);
        Unary root = new Unary(Unary.Kind.SQRT);
        return activation.isNone() ? new Mapped(root, List.of(mean))
                : new Mapped(new Unary(Unary.Kind.CLIP, activation.min(), activation.max()), List.of(c.add("root", root, mean)));
    }
}
