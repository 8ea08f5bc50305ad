package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Converts element values between types, ignoring quantisation. Float to integer truncates towards zero and saturates, NaN becomes
 * 0; integer to integer wraps around; to bool it is whether a number is not 0.
 */
public record Cast() implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        return List.of(in.get(0).shape());
    }
}
