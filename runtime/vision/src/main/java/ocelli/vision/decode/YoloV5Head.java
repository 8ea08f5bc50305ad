package ocelli.vision.decode;

import java.util.List;
import java.util.Optional;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;

/**
 * YOLOv5 as exported with its decoding inside: rows {@code [1,N,5+classes]} of centre x, centre y, width, height,
 * objectness and class probabilities. The score is objectness times class probability; with a single class it is the
 * objectness alone, as training leaves the only class column without meaning (and quantisation may ruin it).
 *
 * @param classes    class columns
 * @param normalized coordinates are parts of the input's sides; otherwise pixels of the input
 * @param scores     unit of objectness and class columns
 */
public record YoloV5Head(int classes, boolean normalized, Scores scores) implements Head {
    static final int BOX = 5;
    private static final int ANCHORS_PER_CELL = 3;
    /** A quantised coordinate that cannot exceed this is a part of the side and not a pixel. */
    private static final float LARGEST_PART = 4;

    /** Unit of the score columns. */
    public enum Scores {
        /** 0…1, as Ultralytics exports. */
        PROBABILITY,
        /** 0…100, as Seeed's SSCMA exports, so that scores and pixels can share one quantisation. */
        PERCENT,
        /** Percent when any score of the photo is above what a probability can be; for float outputs, which do not tell. */
        DETECT
    }

    /** @throws IllegalArgumentException when there is no class */
    public YoloV5Head {
        if (classes < 1) {
            throw new IllegalArgumentException("YOLOv5 head with " + classes + " classes, wanted at least 1");
        }
    }

    @Override
    public String name() {
        return "yolov5";
    }

    @Override
    public boolean background() {
        return false;
    }

    static Optional<Head> of(Signature s) {
        Shape shape = s.shapes().get(0);
        if (s.outputs().size() != 1 || shape.rank() != 3 || shape.dim(0) != 1 || shape.dim(2) <= BOX || shape.dim(1) != rows(s.width(),
                s.height())) {
            return Optional.empty();
        }
        TensorType type = s.outputs().get(0).type();
        int classes = shape.dim(2) - BOX;
        if (!type.isQuantized8()) {
            return Optional.of(new YoloV5Head(classes, s.options().normalized().orElse(false), Scores.DETECT));
        }
        // One quantisation for all columns tells their units: pixels leave no resolution for probabilities.
        float largest = (type.dtype().max() - type.quant().zeroPoint()) * type.quant().scale();
        boolean parts = s.options().normalized().orElse(largest <= LARGEST_PART);
        return Optional.of(new YoloV5Head(classes, parts, parts ? Scores.PROBABILITY : Scores.PERCENT));
    }

    /** Rows of three anchors per cell at the strides 8, 16 and 32. */
    static int rows(int width, int height) {
        int cells = 0;
        for (int stride = 8; stride <= 32; stride *= 2) {
            cells += (width / stride) * (height / stride);
        }
        return ANCHORS_PER_CELL * cells;
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        Shape s = Shaped.only(outputs);
        if (s.rank() != 3 || s.dim(0) != 1 || s.dim(2) != BOX + classes) {
            throw new IllegalArgumentException(name() + ": found outputs " + outputs.stream().map(Tensor::type).toList()
                    + ", wanted one of shape [1,N," + (BOX + classes) + "]");
        }
        return new YoloV5Decoder(outputs.get(0), scores, normalized ? width : 1, normalized ? height : 1, threshold);
    }
}
