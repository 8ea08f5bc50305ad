package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * TensorFlow Lite's custom operator {@code TFLite_Detection_PostProcess}: SSD box decoding and non-maximum suppression.
 * Inputs: box encodings [1,A,4+] (y, x, h, w), class scores [1,A,classes+background], anchors [A,4] (y, x, h, w).
 * Outputs, float32: boxes [1,M,4] (ymin, xmin, ymax, xmax), classes [1,M], scores [1,M], count [1], with
 * M = maxDetections · maxClassesPerDetection.
 *
 * @param maxDetections          boxes kept
 * @param maxClassesPerDetection classes reported per box (fast variant)
 * @param detectionsPerClass     boxes kept per class (regular variant)
 * @param regularNms             per-class suppression instead of the class-agnostic fast variant
 * @param scoreThreshold         scores below are dropped
 * @param iouThreshold           boxes that overlap a kept one by more are dropped
 * @param classes                classes without background
 */
public record DetectionPostProcess(int maxDetections, int maxClassesPerDetection, int detectionsPerClass, boolean regularNms,
                                   float scoreThreshold, float iouThreshold, int classes,
                                   float scaleY, float scaleX, float scaleH, float scaleW) implements Op {
    private static final int LIMIT = 1 << 16;

    /** @throws IllegalArgumentException when a count, threshold or scale is out of range */
    public DetectionPostProcess {
        if (maxDetections < 1 || maxDetections > LIMIT || maxClassesPerDetection < 1 || maxClassesPerDetection > classes
                || classes < 1 || classes > LIMIT || detectionsPerClass < 1
                || (long) maxDetections * maxClassesPerDetection > LIMIT) {
            throw new IllegalArgumentException("DetectionPostProcess with " + maxDetections + " detections, " + maxClassesPerDetection
                    + " classes per detection, " + detectionsPerClass + " detections per class, " + classes + " classes: wanted 1…" + LIMIT);
        }
        if (!(iouThreshold > 0 && iouThreshold <= 1) || Float.isNaN(scoreThreshold)
                || !(scaleY > 0 && scaleX > 0 && scaleH > 0 && scaleW > 0)) {
            throw new IllegalArgumentException("DetectionPostProcess with IoU threshold " + iouThreshold + ", score threshold "
                    + scoreThreshold + ", scales " + scaleY + "," + scaleX + "," + scaleH + "," + scaleW + ": wanted 0 < IoU ≤ 1, scales > 0");
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 3, 3);
        Checks.rank(this, "box encodings", in.get(0), 3);
        Checks.rank(this, "class scores", in.get(1), 3);
        Checks.rank(this, "anchors", in.get(2), 2);
        int anchors = in.get(0).shape().dim(1);
        Checks.equal(this, "batch of the boxes", in.get(0).shape().dim(0), 1);
        Checks.equal(this, "batch of the scores", in.get(1).shape().dim(0), 1);
        Checks.equal(this, "anchors of the scores", in.get(1).shape().dim(1), anchors);
        Checks.equal(this, "number of anchors", in.get(2).shape().dim(0), anchors);
        Checks.equal(this, "numbers per anchor", in.get(2).shape().dim(1), 4);
        if (in.get(0).shape().dim(2) < 4 || in.get(1).shape().dim(2) < classes || in.get(1).shape().dim(2) > classes + 1) {
            throw new IllegalArgumentException("DetectionPostProcess: boxes " + in.get(0).shape() + " and scores " + in.get(1).shape()
                    + ", wanted 4 numbers per box and " + classes + " or " + (classes + 1) + " scores");
        }
        int m = maxDetections * maxClassesPerDetection;
        return List.of(Shape.of(1, m, 4), Shape.of(1, m), Shape.of(1, m), Shape.of(1));
    }
}
