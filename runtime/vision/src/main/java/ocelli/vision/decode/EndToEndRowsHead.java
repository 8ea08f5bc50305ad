package ocelli.vision.decode;

import java.util.List;
import java.util.Optional;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * YOLOv10 and its heirs, end to end: rows {@code [1,N,6]} of left, top, right, bottom in pixels of the model's input, score,
 * class. The number of rows is a small and round one, other than that of the input's cells.
 */
public record EndToEndRowsHead() implements Head {
    static final String OUTPUTS = "[1,N,6] with N of 100, 200, … 1000: corners, score, class";
    private static final int COLUMNS = 6;
    private static final int SCORE = 4;
    private static final int ROUND = 100;
    private static final int MOST = 1000;
    private static final int YOLO_ANCHORS = 3;

    static Optional<Head> of(Signature s, boolean named) {
        if (s.outputs().size() != 1) {
            return Optional.empty();
        }
        Shape shape = s.shapes().get(0);
        boolean fits = shape.rank() == 3 && Shaped.isRows(shape, COLUMNS) && (named || round(shape.dim(1), s));
        return fits ? Optional.of(new EndToEndRowsHead()) : Optional.empty();
    }

    private static boolean round(int rows, Signature s) {
        int cells = Grid.places(s.width(), s.height(), List.of(8, 16, 32));
        return rows <= MOST && rows % ROUND == 0 && rows != cells && rows != YOLO_ANCHORS * cells;
    }

    @Override
    public String name() {
        return "yolov10";
    }

    @Override
    public int classes() {
        return 0;
    }

    @Override
    public boolean background() {
        return false;
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        if (Shaped.only(outputs).rank() != 3 || !Shaped.isRows(Shaped.only(outputs), COLUMNS)) {
            throw Shaped.wrong(this, outputs, width, height, "[1, N, " + COLUMNS + "]");
        }
        return new Rows(Table.rows(outputs.get(0)), threshold);
    }

    private static final class Rows implements Decoder {
        private final Table table;
        private final RowScores scores;

        Rows(Table table, float threshold) {
            this.table = table;
            scores = RowScores.of(table.part(SCORE, SCORE + 1), 0, ScoreActivation.NONE, threshold);
        }

        @Override
        public int maxCandidates() {
            return table.rows();
        }

        @Override
        public int keypoints() {
            return 0;
        }

        @Override
        public void decode(Candidates out) {
            for (int i = 0; i < table.rows(); i++) {
                if (scores.best(i) == 0) {
                    out.add(table.at(i, 0), table.at(i, 1), table.at(i, 2), table.at(i, 3), scores.score(i, 0),
                            Math.max(0, Math.round(table.at(i, SCORE + 1))));
                }
            }
        }
    }
}
