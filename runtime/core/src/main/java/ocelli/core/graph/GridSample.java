package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Reads an image at the places that a grid names. Inputs: x [N,H,W,C], grid [N,oH,oW,2] with (x, y) in −1 … 1 over the image.
 * Output [N,oH,oW,C].
 *
 * @param filter       how the pixels around a place make its value
 * @param padding      the pixels outside
 * @param alignCorners whether ±1 are the centres of the border pixels, else their outer edges
 * @see <a href="https://onnx.ai/onnx/operators/onnx__GridSample.html">ONNX GridSample</a>
 */
public record GridSample(Filter filter, Padding padding, boolean alignCorners) implements Op {
    /** How the neighbours are weighted; NEAREST rounds halves to even, BICUBIC has the coefficient −0.75. */
    public enum Filter { NEAREST, BILINEAR, BICUBIC }

    /** What lies outside the image: zeros, the border pixel, or the image mirrored where ±1 lie. */
    public enum Padding { ZEROS, BORDER, REFLECTION }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 2, 2);
        Checks.rank(this, "input", in.get(0), 4);
        Checks.rank(this, "grid", in.get(1), 4);
        Checks.positive(this, "input", in.get(0));
        Checks.dtype(this, "grid", in.get(1), DType.FLOAT32);
        Shape x = in.get(0).shape();
        Shape grid = in.get(1).shape();
        Checks.equal(this, "batch of the grid", grid.dim(0), x.dim(0));
        Checks.equal(this, "coordinates of the grid", grid.dim(3), 2);
        return List.of(Shape.of(x.dim(0), grid.dim(1), grid.dim(2), x.dim(3)));
    }
}
