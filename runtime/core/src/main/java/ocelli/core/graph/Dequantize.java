package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Quantised integers, per tensor or per axis, → float; or float16 → float32. */
public record Dequantize() implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        return List.of(in.get(0).shape());
    }
}
