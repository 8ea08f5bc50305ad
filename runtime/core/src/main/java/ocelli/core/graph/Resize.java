package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Resizes H and W of [N,H,W,C]. The source coordinate of output pixel i is i·(in−1)/(out−1) with {@code alignCorners},
 * (i+½)·in/out − ½ with {@code halfPixelCenters}, else i·in/out; NEAREST takes the floor (rounds half up with
 * {@code alignCorners}; with {@code halfPixelCenters} the floor of (i+½)·in/out), as TensorFlow Lite does.
 */
public record Resize(Kind kind, int outH, int outW, boolean alignCorners, boolean halfPixelCenters) implements Op {
    /** The filters. */
    public enum Kind { NEAREST, BILINEAR }

    /** @throws IllegalArgumentException when the output is empty or both coordinate rules are asked for */
    public Resize {
        if (outH < 1 || outW < 1 || alignCorners && halfPixelCenters) {
            throw new IllegalArgumentException("Resize to " + outH + "x" + outW + ", alignCorners " + alignCorners
                    + ", halfPixelCenters " + halfPixelCenters + ": wanted a size of at least 1x1 and at most one of the rules");
        }
    }

    @Override
    public String name() {
        return kind == Kind.NEAREST ? "ResizeNearest" : "ResizeBilinear";
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        Checks.rank(this, "input", in.get(0), 4);
        Checks.positive(this, "input", in.get(0));
        Shape x = in.get(0).shape();
        return List.of(Shape.of(x.dim(0), outH, outW, x.dim(3)));
    }
}
