package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Resizes H and W of [N,H,W,C]. NEAREST takes one pixel, BILINEAR two on each axis, CUBIC four.
 *
 * @param rule how an output pixel finds its place in the input
 */
public record Resize(Kind kind, int outH, int outW, Sampling rule) implements Op {
    /** The filters. */
    public enum Kind { NEAREST, BILINEAR, CUBIC }

    /** @throws IllegalArgumentException when the output is empty */
    public Resize {
        if (outH < 1 || outW < 1) {
            throw new IllegalArgumentException("Resize to " + outH + "x" + outW + ", wanted a size of at least 1x1");
        }
    }

    /**
     * TensorFlow Lite's rules: with neither flag the source of output pixel i is i·in/out; NEAREST takes the floor, and rounds
     * half up with {@code alignCorners}.
     *
     * @throws IllegalArgumentException when the output is empty or both flags are set
     */
    public Resize(Kind kind, int outH, int outW, boolean alignCorners, boolean halfPixelCenters) {
        this(kind, outH, outW, Sampling.tflite(kind, alignCorners, halfPixelCenters));
    }

    @Override
    public String name() {
        return switch (kind) {
            case NEAREST -> "ResizeNearest";
            case BILINEAR -> "ResizeBilinear";
            case CUBIC -> "ResizeCubic";
        };
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
