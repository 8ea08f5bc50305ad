package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Pools regions of an image to one size. Inputs: x [N,H,W,C], regions [R,4] (x1, y1, x2, y2), int64 batch indices [R].
 * Output [R,outH,outW,C].
 *
 * @param average       the mean of a bin's bilinear samples, else the largest weighted tap of all its samples, as ONNX has it
 * @param samplingRatio samples per bin and axis, 0 for ⌈region size / output size⌉
 * @param spatialScale  factor from region coordinates to pixels
 * @param halfPixel     whether the coordinates are shifted by −½ pixel; without, a region is at least one pixel large
 * @see <a href="https://onnx.ai/onnx/operators/onnx__RoiAlign.html">ONNX RoiAlign</a>
 */
public record RoiAlign(boolean average, int outH, int outW, int samplingRatio, float spatialScale, boolean halfPixel) implements Op {
    private static final int MOST_SAMPLES = 1 << 10;

    /** @throws IllegalArgumentException when the output is empty or the ratio is not in 0…1024 */
    public RoiAlign {
        if (outH < 1 || outW < 1 || samplingRatio < 0 || samplingRatio > MOST_SAMPLES || !(spatialScale > 0)) {
            throw new IllegalArgumentException("RoiAlign to " + outH + "x" + outW + ", sampling ratio " + samplingRatio + ", scale "
                    + spatialScale + ": wanted at least 1x1, a ratio of 0…1024 and a positive scale");
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 3, 3);
        Checks.rank(this, "input", in.get(0), 4);
        Checks.positive(this, "input", in.get(0));
        Checks.rank(this, "regions", in.get(1), 2);
        Checks.equal(this, "coordinates of a region", in.get(1).shape().dim(1), 4);
        Checks.indices(this, in.get(2));
        Checks.shape(this, "batch indices", in.get(2), Shape.of(in.get(1).shape().dim(0)));
        return List.of(Shape.of(in.get(1).shape().dim(0), outH, outW, in.get(0).shape().dim(3)));
    }
}
