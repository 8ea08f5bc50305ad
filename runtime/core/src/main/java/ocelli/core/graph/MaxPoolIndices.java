package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * {@link Pool2d} of maxima with two outputs: the values, and as int64 where each came from: the index of the element in the
 * [N,C,H,W] order of the input, among equal ones the first. A window that dilation leaves empty has index −1.
 *
 * @param columnMajor indices count along H first, then W, within a plane
 */
public record MaxPoolIndices(Window window, boolean columnMajor) implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Shape y = new Pool2d(Pool2d.Kind.MAX, window, Activation.NONE).outputShapes(in).getFirst();
        return List.of(y, y);
    }
}
