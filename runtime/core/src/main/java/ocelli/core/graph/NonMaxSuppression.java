package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Greedy non-maximum suppression per batch and class. Inputs, float32: boxes [B,A,4], scores [B,C,A]. Output int64 [M,3] with
 * (batch, class, box) for each kept box, best first within its class; M = B·C·min(maxPerClass, A) is the static bound, and rows
 * that are not used hold −1.
 *
 * @param centerBoxes    boxes are (centre x, centre y, width, height), else two opposite corners (y, x, y, x)
 * @param maxPerClass    boxes kept at most in a class
 * @param iouThreshold   a box goes when its IoU with a kept one is greater
 * @param scoreThreshold a box comes in only when its score is greater; −∞ for none
 * @see <a href="https://onnx.ai/onnx/operators/onnx__NonMaxSuppression.html">ONNX NonMaxSuppression</a>
 */
public record NonMaxSuppression(boolean centerBoxes, int maxPerClass, float iouThreshold, float scoreThreshold) implements Op {
    /** @throws IllegalArgumentException when the count is negative or the IoU threshold is outside of 0 … 1 */
    public NonMaxSuppression {
        if (maxPerClass < 0 || !(iouThreshold >= 0 && iouThreshold <= 1) || Float.isNaN(scoreThreshold)) {
            throw new IllegalArgumentException("NonMaxSuppression keeps " + maxPerClass + " boxes, IoU threshold " + iouThreshold
                    + ", score threshold " + scoreThreshold + ": wanted a count of at least 0 and an IoU of 0…1");
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 2, 2);
        Checks.rank(this, "boxes", in.get(0), 3);
        Checks.rank(this, "scores", in.get(1), 3);
        Shape boxes = in.get(0).shape();
        Shape scores = in.get(1).shape();
        Checks.equal(this, "numbers per box", boxes.dim(2), 4);
        Checks.equal(this, "batch of the scores", scores.dim(0), boxes.dim(0));
        Checks.equal(this, "boxes of the scores", scores.dim(2), boxes.dim(1));
        long rows = (long) boxes.dim(0) * scores.dim(1) * Math.min(maxPerClass, boxes.dim(1));
        return List.of(Shape.of(Checks.dimension(this, rows), 3));
    }
}
