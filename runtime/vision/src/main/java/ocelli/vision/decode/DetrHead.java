package ocelli.vision.decode;

import java.util.List;
import java.util.Optional;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * End-to-end heads of the DETR family: class logits {@code [1,Q,classes]} and boxes {@code [1,Q,4]} as centre x, centre y,
 * width, height in parts of the input's sides, one row for each query. Training makes suppression needless.
 *
 * @param name       detr, or detr-softmax
 * @param classes    columns that count
 * @param noObject   a last column, "no object", takes part in the softmax and is never reported
 * @param activation SIGMOID (Deformable DETR and its heirs), SOFTMAX (the first DETR), or NONE when the graph has applied it
 * @see <a href="https://arxiv.org/abs/2005.12872">End-to-End Object Detection with Transformers</a>
 */
public record DetrHead(String name, int classes, boolean noObject, ScoreActivation activation) implements Head {
    static final String OUTPUTS = "logits [1,Q,classes] and boxes [1,Q,4], told by these names";
    static final String SOFTMAX = "(when named) logits [1,Q,classes+1] and boxes [1,Q,4]";

    /** @throws IllegalArgumentException when there is no class, or classes look like boxes */
    public DetrHead {
        HeadChecks.classes("DETR", classes, List.of(1));
        if (classes + (noObject ? 1 : 0) == 4) {
            throw new IllegalArgumentException("DETR head with 4 columns of classes, wanted other than the 4 numbers of a box");
        }
    }

    static Optional<Head> of(Signature s, boolean named, boolean softmax) {
        List<Shape> shapes = s.shapes();
        if (shapes.size() != 2 || !shapes.stream().allMatch(Shaped::isRows)) {
            return Optional.empty();
        }
        int boxes = Shaped.isRows(shapes.get(1), 4) ? 1 : 0;
        int columns = shapes.get(1 - boxes).dim(-1) - (softmax ? 1 : 0);
        boolean told = s.outputs().get(1 - boxes).named("logit") && s.outputs().get(boxes).named("box");
        if (columns < 1 || columns + (softmax ? 1 : 0) == 4 || !named && !told) {
            return Optional.empty();
        }
        ScoreActivation raw = softmax ? ScoreActivation.SOFTMAX : ScoreActivation.SIGMOID;
        DetrHead head = new DetrHead(softmax ? "detr-softmax" : "detr", columns, softmax, s.activation(1 - boxes, raw, raw));
        return head.boxes(shapes) < 0 ? Optional.empty() : Optional.of(head);
    }

    /** The output with the boxes, −1 when the outputs do not fit. */
    private int boxes(List<Shape> s) {
        int columns = classes + (noObject ? 1 : 0);
        for (int b = 0; b < s.size() && s.size() == 2; b++) {
            if (Shaped.isRows(s.get(b), 4) && Shaped.isRows(s.get(1 - b), columns) && Shaped.rows(s.get(0)) == Shaped.rows(s.get(1))) {
                return b;
            }
        }
        return -1;
    }

    @Override
    public boolean background() {
        return false;
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        int boxes = boxes(Shaped.shapes(outputs));
        if (boxes < 0) {
            throw Shaped.wrong(this, outputs, width, height, "[1, Q, " + (classes + (noObject ? 1 : 0)) + "] and [1, Q, 4]");
        }
        Table cls = Table.rows(outputs.get(1 - boxes));
        Table box = Table.rows(outputs.get(boxes));
        RowScores scores = noObject && activation == ScoreActivation.SOFTMAX ? new SoftmaxScores(cls, 0, classes, classes, threshold)
                : RowScores.of(cls.part(0, classes), 0, activation, threshold);
        return new DenseDecoder(List.of(new DenseDecoder.Level(null, scores, new PlainBoxes(box, true, width, height), box.rows())),
                ScoreRule.CLASS, threshold);
    }
}
