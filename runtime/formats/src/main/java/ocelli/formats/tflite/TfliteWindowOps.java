package ocelli.formats.tflite;

import ocelli.core.graph.Activation;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import ocelli.formats.NotSupported;
import ocelli.formats.tflite.TfliteOps.Mapped;

/** Convolutions, pooling and fully connected layers. */
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

    /** A sound file may mix types in ways that core does not compute: hybrid (dynamic-range) models, 16-bit activations. */
    private static void types(OpContext c) {
        TensorType x = c.input(0).type();
        TensorType w = c.input(1).type();
        boolean floats = x.dtype() == DType.FLOAT32 && w.dtype() == DType.FLOAT32;
        if (!floats && !(x.isQuantized8() && w.isQuantized8())) {
            String hybrid = x.dtype() == DType.FLOAT32 && w.isQuantized8() ? " (dynamic-range quantisation)" : "";
            throw new NotSupported("input " + x + " with weights " + w + hybrid + ", wanted float32 with float32 or quantised 8-bit with quantised 8-bit");
        }
        DType bias = floats ? DType.FLOAT32 : DType.INT32;
        if (c.hasInput(2) && c.input(2).type().dtype() != bias) {
            throw new NotSupported("bias " + c.input(2).type() + ", wanted " + bias.label());
        }
    }

    static Mapped conv(OpContext c) {
        types(c);
        Shape x = rank4(c, 0);
        Shape w = rank4(c, 1);
        Window window = window(c, w.dim(1), w.dim(2), c.i32(4, 1), c.i32(5, 1));
        int depth = Math.max(w.dim(3), 1);
        // TFLite has no field for groups: weights with fewer channels than the input mean a grouped convolution.
        return new Mapped(new Conv2d(window, Math.max(x.dim(3) / depth, 1), c.activation(3)), c.firstInputs(3));
    }

    static Mapped depthwise(OpContext c) {
        types(c);
        Shape x = rank4(c, 0);
        Shape w = rank4(c, 1);
        Window window = window(c, w.dim(1), w.dim(2), c.i32(5, 1), c.i32(6, 1));
        // The multiplier follows from the shapes; files are known whose option disagrees.
        return new Mapped(new DepthwiseConv2d(window, Math.max(w.dim(3) / Math.max(x.dim(3), 1), 1), c.activation(4)), c.firstInputs(3));
    }

    static Mapped fullyConnected(OpContext c) {
        if (c.i8(1) != 0) {
            throw new NotSupported("shuffled weights format");
        }
        types(c);
        return new Mapped(new FullyConnected(c.bool(2), c.activation(0)), c.firstInputs(3));
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
}
