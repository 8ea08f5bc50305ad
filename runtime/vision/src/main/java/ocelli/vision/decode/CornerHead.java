package ocelli.vision.decode;

import java.util.List;
import java.util.Optional;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * Corners that are decoded already, and class probabilities: boxes {@code [1,N,4]} as left, top, right, bottom, scores
 * {@code [1,N,classes]} or {@code [1,classes,N]}. UltraFace's ONNX file has this form, and PicoDet with its post-processing.
 *
 * @param name       of the family
 * @param classes    columns, background included
 * @param background column 0 is the background
 * @param normalized coordinates are parts of the input's sides; otherwise pixels of the input
 * @param planes     scores are {@code [1,classes,N]}
 */
public record CornerHead(String name, int classes, boolean background, boolean normalized, boolean planes) implements Head {
    static final String ULTRAFACE = "[1,N,2] [1,N,4], N squares of the strides 8, 16, 32, 64, boxes decoded to corners";
    static final String CORNERS = "(when named) [1,N,4] in pixels, with [1,N,classes] or [1,classes,N]";

    /** @throws IllegalArgumentException when there is no class, or classes look like boxes */
    public CornerHead {
        if (classes < (background ? 2 : 1) || classes == 4) {
            throw new IllegalArgumentException(name + " head with " + classes + " columns of classes, wanted at least "
                    + (background ? 2 : 1) + " and other than the 4 numbers of a box");
        }
    }

    static Optional<Head> ultraface(Signature s, boolean named) {
        int rows = PriorBoxes.ULTRAFACE.count(s.width(), s.height());
        CornerHead head = new CornerHead("ultraface", 2, true, s.options().normalized().orElse(true), false);
        return head.fits(s.shapes(), rows) && (named || decoded(s) || !s.outputs().get(0).ending().known()) ? Optional.of(head)
                : Optional.empty();
    }

    static Optional<Head> corners(Signature s) {
        int boxes = boxes(s.shapes());
        if (s.outputs().size() != 2 || boxes < 0 || !Shaped.isRows(s.shapes().get(1 - boxes))) {
            return Optional.empty();
        }
        Shape scores = s.shapes().get(1 - boxes);
        int rows = Shaped.rows(s.shapes().get(boxes));
        boolean planes = scores.rank() == 3 && scores.dim(2) == rows && scores.dim(1) != rows;
        int classes = planes ? scores.dim(1) : scores.dim(-1);
        if (classes == 4) {
            return Optional.empty();
        }
        CornerHead head = new CornerHead("corners", classes, false, s.options().normalized().orElse(false), planes);
        return head.fits(s.shapes(), rows) ? Optional.of(head) : Optional.empty();
    }

    /** Whether the graph is seen to decode boxes by itself. */
    static boolean decoded(Signature s) {
        return s.outputs().stream().anyMatch(o -> o.ending().exponential() && Shaped.isRows(o.shape(), 4));
    }

    private static int boxes(List<Shape> shapes) {
        for (int i = 0; i < shapes.size(); i++) {
            if (Shaped.isRows(shapes.get(i), 4)) {
                return i;
            }
        }
        return -1;
    }

    private boolean fits(List<Shape> shapes, int rows) {
        int boxes = boxes(shapes);
        return shapes.size() == 2 && boxes >= 0 && Shaped.is(shapes.get(boxes), 1, rows, 4)
                && Shaped.is(shapes.get(1 - boxes), 1, planes ? classes : rows, planes ? rows : classes);
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        List<Shape> shapes = Shaped.shapes(outputs);
        int boxes = boxes(shapes);
        if (boxes < 0 || !fits(shapes, Shaped.rows(shapes.get(boxes)))) {
            throw Shaped.wrong(this, outputs, width, height, "[1, N, 4] and " + (planes ? "[1, " + classes + ", N]" : "[1, N, "
                    + classes + "]"));
        }
        Tensor scores = outputs.get(1 - boxes);
        Table cls = planes ? Table.planes(scores) : Table.rows(scores);
        Table box = Table.rows(outputs.get(boxes));
        return new DenseDecoder(List.of(new DenseDecoder.Level(null, RowScores.ofAll(cls, background ? 1 : 0, ScoreActivation.NONE,
                threshold),
                new PlainBoxes(box, false, normalized ? width : 1, normalized ? height : 1), box.rows())), ScoreRule.CLASS, threshold);
    }
}
