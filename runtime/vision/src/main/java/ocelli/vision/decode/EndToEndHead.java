package ocelli.vision.decode;

import java.util.List;
import java.util.Optional;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * The DETR family as deployed: labels {@code [Q]} of integers, boxes {@code [Q,4]} as left, top, right, bottom, scores
 * {@code [Q]}, each perhaps with a batch dimension of 1, in any order. The graph multiplies boxes by its second input, the
 * size of the photo; fed with the size of the model's input, they are pixels of that.
 *
 * @param classes when they are known, else 0
 */
public record EndToEndHead(int classes) implements Head {
    static final String OUTPUTS = "integer labels [Q], boxes [Q,4], scores [Q]";
    private static final int OUTPUT_COUNT = 3;

    /** @throws IllegalArgumentException when the number is negative */
    public EndToEndHead {
        if (classes < 0) {
            throw new IllegalArgumentException("end-to-end head with " + classes + " classes, wanted at least 1, or 0 when unknown");
        }
    }

    static Optional<Head> of(Signature s, int classes) {
        List<Signature.Output> o = s.outputs();
        return find(o.stream().map(Signature.Output::shape).toList(), o.stream().map(x -> x.type().dtype()).toList()).isEmpty()
                ? Optional.empty() : Optional.of(new EndToEndHead(classes));
    }

    /** Labels, boxes, scores; empty when the outputs do not fit. */
    private static List<Integer> find(List<Shape> shapes, List<DType> types) {
        int labels = -1;
        int boxes = -1;
        int scores = -1;
        for (int i = 0; i < shapes.size(); i++) {
            if (types.get(i) == DType.INT64 || types.get(i) == DType.INT32) {
                labels = i;
            } else if (shapes.get(i).rank() >= 2 && shapes.get(i).dim(-1) == 4) {
                boxes = i;
            } else {
                scores = i;
            }
        }
        if (shapes.size() != OUTPUT_COUNT || labels < 0 || boxes < 0 || scores < 0 || !Shaped.isRows(shapes.get(boxes))) {
            return List.of();
        }
        int rows = Shaped.rows(shapes.get(boxes));
        int[] row = shapes.get(boxes).rank() == 3 ? new int[] {1, rows} : new int[] {rows};
        return Shaped.is(shapes.get(labels), row) && Shaped.is(shapes.get(scores), row) ? List.of(labels, boxes, scores) : List.of();
    }

    @Override
    public String name() {
        return "end-to-end";
    }

    @Override
    public boolean background() {
        return false;
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        List<Integer> order = find(Shaped.shapes(outputs), outputs.stream().map(t -> t.type().dtype()).toList());
        if (order.isEmpty()) {
            throw Shaped.wrong(this, outputs, width, height, OUTPUTS);
        }
        return new EndToEndDecoder(outputs.get(order.get(0)), Table.rows(outputs.get(order.get(1))), Table.rows(outputs.get(order.get(2)),
                1), threshold);
    }

    /** Scores decide first; labels are read for what remains. */
    private static final class EndToEndDecoder implements Decoder {
        private final Tensor labels;
        private final Table boxes;
        private final RowScores scores;

        EndToEndDecoder(Tensor labels, Table boxes, Table scores, float threshold) {
            this.labels = labels;
            this.boxes = boxes;
            this.scores = RowScores.of(scores, 0, ScoreActivation.NONE, threshold);
        }

        @Override
        public int maxCandidates() {
            return boxes.rows();
        }

        @Override
        public int keypoints() {
            return 0;
        }

        @Override
        public void decode(Candidates out) {
            for (int i = 0; i < boxes.rows(); i++) {
                if (scores.best(i) == 0) {
                    out.add(boxes.at(i, 0), boxes.at(i, 1), boxes.at(i, 2), boxes.at(i, 3), scores.score(i, 0),
                            (int) Math.clamp(labels.get(i), 0, Integer.MAX_VALUE));
                }
            }
        }
    }
}
