package ocelli.vision.decode;

import java.util.List;
import java.util.Optional;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * Boxes as offsets from prior boxes, classes with the background first, and perhaps points: UltraFace without its
 * post-processing, RetinaFace, SSD of Caffe. Outputs {@code [1,N,4]}, {@code [1,N,classes]}, {@code [1,N,2·keypoints]} in any
 * order, or the same numbers without rows. See {@link VarianceBoxes} for the coding.
 *
 * @param name       of the family
 * @param classes    columns, background included
 * @param keypoints  points of every box, 0 for none
 * @param activation of the classes: NONE or SOFTMAX
 */
public record PriorHead(String name, PriorBoxes priors, int classes, int keypoints, ScoreActivation activation) implements Head {
    static final String ULTRAFACE_RAW = "[1,N,2] [1,N,4], N squares of the strides 8, 16, 32, 64, boxes not decoded";
    static final String RETINAFACE = "[1,N,4] [1,N,2] [1,N,10], N squares of the strides 8, 16, 32";
    static final String SSD_CAFFE = "[1,1917,4] [1,1917,21] of 300x300, boxes of Caffe's MobileNet-SSD";
    private static final int FACE_CLASSES = 2;
    private static final int FACE_POINTS = 5;

    /** @throws IllegalArgumentException when there is no class beside the background, or classes look like boxes or points */
    public PriorHead {
        if (classes < 2 || classes == 4 || keypoints < 0 || classes == 2 * keypoints || keypoints == 2) {
            throw new IllegalArgumentException(name + " head with " + classes + " columns of classes and " + keypoints
                    + " points, wanted at least 2 columns that boxes and points do not have too");
        }
    }

    static Optional<Head> ultraface(Signature s, boolean named) {
        return of(s, "ultraface-raw", PriorBoxes.ULTRAFACE, FACE_CLASSES, 0).filter(h -> named || !CornerHead.decoded(s));
    }

    static Optional<Head> retinaface(Signature s) {
        return of(s, "retinaface", PriorBoxes.RETINAFACE, FACE_CLASSES, FACE_POINTS);
    }

    static Optional<Head> caffe(Signature s) {
        return s.width() == 300 && s.height() == 300 ? of(s, "ssd-caffe", PriorBoxes.MOBILENET_SSD, 21, 0) : Optional.empty();
    }

    private static Optional<Head> of(Signature s, String name, PriorBoxes priors, int classes, int keypoints) {
        int rows = priors.count(s.width(), s.height());
        int scores = find(s.shapes(), rows, classes);
        if (scores < 0) {
            return Optional.empty();
        }
        PriorHead head = new PriorHead(name, priors, classes, keypoints, s.activation(scores, ScoreActivation.NONE,
                ScoreActivation.SOFTMAX));
        return head.fits(s.shapes(), rows) ? Optional.of(head) : Optional.empty();
    }

    private boolean fits(List<Shape> shapes, int rows) {
        return shapes.size() == (keypoints > 0 ? 3 : 2) && find(shapes, rows, 4) >= 0 && find(shapes, rows, classes) >= 0
                && (keypoints == 0 || find(shapes, rows, 2 * keypoints) >= 0);
    }

    /** The output of so many rows and columns, −1 for none. */
    private static int find(List<Shape> shapes, int rows, int columns) {
        for (int i = 0; i < shapes.size(); i++) {
            Shape s = shapes.get(i);
            if (Shaped.is(s, 1, rows, columns) || Shaped.is(s, rows, columns)
                    || s.rank() == 2 && s.dim(0) == 1 && s.dim(1) == (long) rows * columns) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public boolean background() {
        return true;
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        int rows = priors.count(width, height);
        List<Shape> shapes = Shaped.shapes(outputs);
        if (!fits(shapes, rows)) {
            throw Shaped.wrong(this, outputs, width, height, "[1, " + rows + ", 4], [1, " + rows + ", " + classes + "]"
                    + (keypoints > 0 ? ", [1, " + rows + ", " + 2 * keypoints + "]" : ""));
        }
        Table box = Table.rows(outputs.get(find(shapes, rows, 4)), 4);
        Table cls = Table.rows(outputs.get(find(shapes, rows, classes)), classes);
        Table points = keypoints == 0 ? null : Table.rows(outputs.get(find(shapes, rows, 2 * keypoints)), 2 * keypoints);
        return new DenseDecoder(List.of(new DenseDecoder.Level(null, RowScores.ofAll(cls, 1, activation, threshold),
                new VarianceBoxes(box, points, priors.generate(width, height), width, height), rows)), ScoreRule.CLASS, threshold);
    }
}
