package ocelli.vision.decode;

import java.util.List;
import java.util.Optional;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;

/**
 * YOLOv8 and YOLO11 as exported with their decoding inside: {@code [1,4+classes,N]}, or {@code [1,N,4+classes]}: centre x,
 * centre y, width, height, class probabilities. There is no objectness.
 *
 * @param planes     the first form
 * @param normalized coordinates are parts of the input's sides; otherwise pixels of the input
 * @param activation of the classes, usually NONE
 */
public record YoloV8Head(int classes, boolean planes, boolean normalized, ScoreActivation activation) implements Head {
    static final String OUTPUTS = "[1,4+classes,cells] (or, when named, [1,cells,4+classes]), cells of the strides 8, 16, 32";
    private static final int BOX = 4;
    /** A quantised coordinate that cannot exceed this is a part of the side and not a pixel. */
    private static final float LARGEST_PART = 4;

    /** @throws IllegalArgumentException when there is no class */
    public YoloV8Head {
        HeadChecks.classes("YOLOv8", classes, List.of(1));
    }

    static Optional<Head> of(Signature s, boolean rowsToo) {
        if (s.outputs().size() != 1 || s.shapes().get(0).rank() != 3 || s.shapes().get(0).dim(0) != 1) {
            return Optional.empty();
        }
        Shape shape = s.shapes().get(0);
        int places = Grid.places(s.width(), s.height(), s.options().strides(8, 16, 32));
        boolean planes = shape.dim(2) == places && shape.dim(1) > BOX;
        if (!planes && !(rowsToo && shape.dim(1) == places && shape.dim(2) > BOX)) {
            return Optional.empty();
        }
        boolean normalized = s.options().normalized().orElseGet(() -> usuallyNormalized(s));
        return Optional.of(new YoloV8Head(shape.dim(planes ? 1 : 2) - BOX, planes, normalized,
                s.activation(0, ScoreActivation.NONE, ScoreActivation.NONE)));
    }

    /** The exporter divides by the sides for TFLite only, so that boxes and scores can share one quantisation. */
    private static boolean usuallyNormalized(Signature s) {
        TensorType type = s.outputs().get(0).type();
        return type.isQuantized8() ? (type.dtype().max() - type.quant().zeroPoint()) * type.quant().scale() <= LARGEST_PART
                : s.format().equals("tflite");
    }

    @Override
    public String name() {
        return "yolov8";
    }

    @Override
    public boolean background() {
        return false;
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        Shape s = Shaped.only(outputs);
        if (s.rank() != 3 || s.dim(0) != 1 || s.dim(planes ? 1 : 2) != BOX + classes) {
            throw Shaped.wrong(this, outputs, width, height, planes ? "[1, " + (BOX + classes) + ", N]" : "[1, N, " + (BOX + classes)
                    + "]");
        }
        Table t = planes ? Table.planes(outputs.get(0)) : Table.rows(outputs.get(0));
        return new DenseDecoder(List.of(new DenseDecoder.Level(null, RowScores.ofAll(t.part(BOX, t.columns()), 0, activation, threshold),
                new PlainBoxes(t, true, normalized ? width : 1, normalized ? height : 1), t.rows())), ScoreRule.CLASS, threshold);
    }
}
