package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Float → quantised 8-bit, per tensor or per axis, or one 8-bit type quantised per tensor to another (requantise). */
public record Quantize() implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        return List.of(in.get(0).shape());
    }
}
