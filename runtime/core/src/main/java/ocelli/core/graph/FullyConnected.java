package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Matrix product with constant weights. Inputs: x of M·K elements, weights [N,K], optional bias [N]. Output [M,N], or the
 * input's shape with its last dimension replaced by N when {@code keepDims}.
 */
public record FullyConnected(boolean keepDims, Activation activation) implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 2, 3);
        Checks.activation(this, activation, in);
        Checks.rank(this, "weights", in.get(1), 2);
        Checks.positive(this, "weights", in.get(1));
        Shape x = in.get(0).shape();
        int n = in.get(1).shape().dim(0);
        int k = in.get(1).shape().dim(1);
        Checks.equal(this, "input elements modulo " + k, x.elements() % k, 0);
        Checks.weights(this, in, n);
        if (in.get(1).quant().isPerAxis()) {
            Checks.equal(this, "quantised axis of the weights", in.get(1).quant().axis(), 0);
        }
        if (!keepDims) {
            return List.of(Shape.of(x.elements() / k, n));
        }
        if (x.rank() == 0) {
            throw new IllegalArgumentException("FullyConnected of a scalar that keeps its dimensions, wanted rank 1 or more");
        }
        Checks.equal(this, "last dimension of the input", x.channels(), k);
        int[] dims = x.toArray();
        dims[dims.length - 1] = n;
        return List.of(Shape.of(dims));
    }

    @Override
    public long macs(List<TensorType> in, List<TensorType> out) {
        return (long) out.get(0).shape().elements() * in.get(1).shape().dim(1);
    }
}
