package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Quantises a float32 tensor to uint8 with a scale and zero point taken from its own range, which is widened to hold 0.
 * Outputs: the raw bytes, the scale (float32 scalar), the zero point (uint8 scalar). A tensor of zeros has scale 1 and
 * zero point 0.
 *
 * @see <a href="https://onnx.ai/onnx/operators/onnx__DynamicQuantizeLinear.html">ONNX DynamicQuantizeLinear</a>
 */
public record DynamicQuantize() implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        Checks.positive(this, "input", in.get(0));
        Checks.dtype(this, "input", in.get(0), DType.FLOAT32);
        return List.of(in.get(0).shape(), Shape.SCALAR, Shape.SCALAR);
    }
}
