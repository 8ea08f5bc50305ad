package ocelli.vision.decode;

import java.util.List;
import java.util.Optional;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * FastestDet: one map {@code [1,5+classes,H,W]} with the planes objectness, tx, ty, tw, th, classes:
 * {@code centre = (cell + tanh(t)) / cells}, {@code side = σ(t)} in parts of the input's sides, and
 * {@code score = objectness^0.6 · class^0.4}. The export ends in sigmoid and softmax for the scores.
 *
 * @param activated scores are probabilities already; otherwise logits
 * @see <a href="https://github.com/dog-qiuqiu/FastestDet">the author's repository</a>
 */
public record FastestDetHead(int classes, boolean activated) implements Head {
    static final String OUTPUTS = "[1,5+classes,H/16,W/16]";
    private static final int STRIDE = 16;
    private static final int BOX = 1;
    private static final int CLASSES = 5;

    /** @throws IllegalArgumentException when there is no class */
    public FastestDetHead {
        HeadChecks.classes("FastestDet", classes, List.of(STRIDE));
    }

    static Optional<Head> of(Signature s, boolean named) {
        if (s.outputs().size() != 1 || !Shaped.isMap(s.shapes().get(0))) {
            return Optional.empty();
        }
        Shape shape = s.shapes().get(0);
        int stride = s.options().strides(STRIDE).get(0);
        Ending ending = s.outputs().get(0).ending();
        // A FOMO of many classes has the same shape, but its classes come out of one softmax.
        boolean other = !named && ending.known() && !ending.joined();
        if (other || shape.dim(1) <= CLASSES || shape.dim(2) != Math.ceilDiv(s.height(), stride)
                || shape.dim(3) != Math.ceilDiv(s.width(), stride)) {
            return Optional.empty();
        }
        return Optional.of(new FastestDetHead(shape.dim(1) - CLASSES,
                s.activation(0, ScoreActivation.NONE, ScoreActivation.SIGMOID) == ScoreActivation.NONE));
    }

    @Override
    public String name() {
        return "fastestdet";
    }

    @Override
    public boolean background() {
        return false;
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        Shape s = Shaped.only(outputs);
        if (!Shaped.isMap(s) || s.dim(1) != CLASSES + classes) {
            throw Shaped.wrong(this, outputs, width, height, "[1, " + (CLASSES + classes) + ", H, W]");
        }
        Table t = Table.planes(outputs.get(0));
        ScoreRule rule = ScoreRule.FASTEST;
        return new DenseDecoder(List.of(new DenseDecoder.Level(
                RowScores.of(t.part(0, 1), 0, activated ? ScoreActivation.NONE : ScoreActivation.SIGMOID, rule.objectnessBound(threshold)),
                RowScores.of(t.part(CLASSES, t.columns()), 0, activated ? ScoreActivation.NONE : ScoreActivation.SOFTMAX,
                        rule.classBound(threshold)),
                new Boxes(t, s.dim(3), s.dim(2), width, height), t.rows())), rule, threshold);
    }

    private record Boxes(Table table, int columns, int lines, int width, int height) implements RowBoxes {
        @Override
        public void add(int row, float score, int cls, Candidates out) {
            double cx = (row % columns + Math.tanh(table.at(row, BOX))) / columns;
            double cy = (row / columns + Math.tanh(table.at(row, BOX + 1))) / lines;
            double w = ScoreActivation.SIGMOID.apply(table.at(row, BOX + 2));
            double h = ScoreActivation.SIGMOID.apply(table.at(row, BOX + 3));
            out.add((float) ((cx - w / 2) * width), (float) ((cy - h / 2) * height), (float) ((cx + w / 2) * width),
                    (float) ((cy + h / 2) * height), score, cls);
        }
    }
}
