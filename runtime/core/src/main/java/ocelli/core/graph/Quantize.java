package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** float32 → quantised 8-bit, or one quantised 8-bit type to another (requantise). */
public record Quantize() implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        return List.of(in.get(0).shape());
    }
}
