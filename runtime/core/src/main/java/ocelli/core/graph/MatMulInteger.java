package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * {@link MatMul} of raw 8-bit integers less their zero points, as int32. Inputs: a, b (int8 or uint8, each of its own type),
 * zero point of a (scalar, or one for each row as [..,M,1]), zero point of b (scalar, or one for each column, [N]).
 * The zero points may be known only when the model runs.
 */
public record MatMulInteger() implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 4, 4);
        Checks.integers(this, in.get(0), in.get(1), in.get(2), in.get(3));
        return List.of(MatMul.productShape(this, in.get(0), in.get(1)));
    }

    @Override
    public long macs(List<TensorType> in, List<TensorType> out) {
        return (long) out.get(0).shape().elements() * in.get(0).shape().dim(-1);
    }
}
