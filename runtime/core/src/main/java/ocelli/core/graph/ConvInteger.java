package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * {@link Conv2d} of raw 8-bit integers less their zero points, as int32. Inputs: x [N,H,W,C], weights [O,kH,kW,C/groups]
 * (int8 or uint8, each of its own type), zero point of x (scalar), zero point of the weights (scalar, or one for each output
 * channel, [O]). Padding is the zero point of x. The zero points may be known only when the model runs.
 */
public record ConvInteger(Window window, int groups) implements Op {
    /** @throws IllegalArgumentException when there is no group */
    public ConvInteger {
        if (groups < 1) {
            throw new IllegalArgumentException("ConvInteger has " + groups + " groups, wanted at least 1");
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 4, 4);
        Checks.integers(this, in.get(0), in.get(1), in.get(2), in.get(3));
        return List.of(Conv2d.outputShape(this, window, groups, in.get(0), in.get(1)));
    }

    @Override
    public long macs(List<TensorType> in, List<TensorType> out) {
        Shape w = in.get(1).shape();
        return (long) out.get(0).shape().elements() * w.dim(1) * w.dim(2) * w.dim(3);
    }
}
