package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Parametric ReLU: x where x ≥ 0, alpha·x elsewhere. Inputs: x and alpha, which broadcasts to x. */
public record PRelu() implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 2, 2);
        Shape out = Shape.broadcast(in.get(0).shape(), in.get(1).shape());
        if (!out.equals(in.get(0).shape())) {
            throw new IllegalArgumentException("PRelu: alpha " + in.get(1).shape() + " does not broadcast to input " + in.get(0).shape());
        }
        return List.of(out);
    }
}
