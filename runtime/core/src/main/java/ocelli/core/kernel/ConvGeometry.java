package ocelli.core.kernel;

import ocelli.core.graph.Activation;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.ConvInteger;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Window;
import ocelli.core.tensor.Shape;

/**
 * Sizes of a convolution-like request in one form: a fully connected layer is a pointwise convolution of M×1 pixels.
 *
 * @param inPixelStride  elements between input pixels
 * @param outPixelStride elements between output pixels
 */
public record ConvGeometry(int batch, int inH, int inW, int inC, int outH, int outW, int outC, Window window, int groups,
                           Activation activation, int inPixelStride, int outPixelStride) {

    /** @throws IllegalArgumentException when the request is not a convolution of any kind or a fully connected layer */
    public static ConvGeometry of(KernelRequest r) {
        Shape x = r.inputType(0).shape();
        Shape y = r.outputType().shape();
        int xs = r.input(0).pixelStride();
        int ys = r.output().pixelStride();
        return switch (r.op()) {
            case Conv2d c -> new ConvGeometry(x.dim(0), x.dim(1), x.dim(2), x.dim(3), y.dim(1), y.dim(2), y.dim(3),
                    c.window(), c.groups(), c.activation(), xs, ys);
            case DepthwiseConv2d d -> new ConvGeometry(x.dim(0), x.dim(1), x.dim(2), x.dim(3), y.dim(1), y.dim(2), y.dim(3),
                    d.window(), x.dim(3), d.activation(), xs, ys);
            case ConvTranspose2d t -> new ConvGeometry(x.dim(0), x.dim(1), x.dim(2), x.dim(3), y.dim(1), y.dim(2), y.dim(3),
                    t.window(), t.groups(), t.activation(), xs, ys);
            case ConvInteger c -> new ConvGeometry(x.dim(0), x.dim(1), x.dim(2), x.dim(3), y.dim(1), y.dim(2), y.dim(3),
                    c.window(), c.groups(), Activation.NONE, xs, ys);
            case FullyConnected f -> {
                int n = r.inputType(1).shape().dim(0);
                int k = r.inputType(1).shape().dim(1);
                int m = x.elements() / k;
                yield new ConvGeometry(1, m, 1, k, m, 1, n, Window.pointwise(), 1, f.activation(), x.channels() == k ? xs : k, ys);
            }
            default -> throw new IllegalArgumentException(r.op().name() + " is not a convolution");
        };
    }

    /** Pixels of the output over the whole batch. */
    public int outPixels() {
        return batch * outH * outW;
    }

    /** Elements of one dot product of an ungrouped convolution. */
    public int depth() {
        return window.kernelH() * window.kernelW() * inC / groups;
    }

    public boolean isPointwise() {
        return window.isPointwise();
    }
}
