package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * 2-D convolution. Inputs: x [N,H,W,C], weights [O,kH,kW,C/groups], optional bias [O]. Output [N,oH,oW,O].
 * Output channel o of group g = o / (O/groups) reads input channels g·C/groups …
 */
public record Conv2d(Window window, int groups, Activation activation) implements Op {
    public Conv2d {
        if (groups < 1) {
            throw new IllegalArgumentException("Conv2d has " + groups + " groups, wanted at least 1");
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 2, 3);
        Checks.activation(this, activation, in);
        Shape y = outputShape(this, window, groups, in.get(0), in.get(1));
        Shape w = in.get(1).shape();
        Checks.weights(this, in, w.dim(0));
        if (in.get(1).quant().isPerAxis()) {
            Checks.equal(this, "quantised axis of the weights", in.get(1).quant().axis(), 0);
        }
        return List.of(y);
    }

    /** The output shape of a convolution-like operator. */
    static Shape outputShape(Op op, Window window, int groups, TensorType x, TensorType w) {
        Checks.convolution(op, window, groups, x, w);
        return window.outShape(x.shape(), w.shape().dim(0));
    }

    @Override
    public long macs(List<TensorType> in, List<TensorType> out) {
        Shape w = in.get(1).shape();
        return (long) out.get(0).shape().elements() * w.dim(1) * w.dim(2) * w.dim(3);
    }
}
