package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Depthwise 2-D convolution. Inputs: x [N,H,W,C], weights [1,kH,kW,C·multiplier], optional bias [C·multiplier].
 * Output channel c·multiplier + m reads input channel c.
 */
public record DepthwiseConv2d(Window window, int multiplier, Activation activation) implements Op {
    public DepthwiseConv2d {
        if (multiplier < 1) {
            throw new IllegalArgumentException("DepthwiseConv2d has multiplier " + multiplier + ", wanted at least 1");
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 2, 3);
        Checks.activation(this, activation, in);
        Checks.rank(this, "input", in.get(0), 4);
        Checks.rank(this, "weights", in.get(1), 4);
        Checks.positive(this, "weights", in.get(1));
        Shape x = in.get(0).shape();
        Shape w = in.get(1).shape();
        Checks.equal(this, "first dimension of the weights", w.dim(0), 1);
        Checks.equal(this, "kernel height", w.dim(1), window.kernelH());
        Checks.equal(this, "kernel width", w.dim(2), window.kernelW());
        Checks.equal(this, "output channels", w.dim(3), (long) x.dim(3) * multiplier);
        Checks.weights(this, in, w.dim(3));
        if (in.get(1).quant().isPerAxis()) {
            Checks.equal(this, "quantised axis of the weights", in.get(1).quant().axis(), 3);
        }
        return List.of(window.outShape(x, w.dim(3)));
    }

    @Override
    public long macs(List<TensorType> in, List<TensorType> out) {
        return (long) out.get(0).shape().elements() * window.kernelH() * window.kernelW();
    }
}
