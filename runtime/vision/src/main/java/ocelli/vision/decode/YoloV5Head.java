package ocelli.vision.decode;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * YOLOv5 as exported with its decoding inside: rows {@code [1,N,5+classes]} of centre x, centre y, width, height,
 * objectness and class probabilities. The score is objectness times class probability.
 *
 * @param classes    class columns
 * @param normalized coordinates are parts of the input's sides; otherwise pixels of the input
 */
public record YoloV5Head(int classes, boolean normalized) implements Head {
    private static final int BOX = 5;
    private static final int ANCHORS_PER_CELL = 3;

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
        Shape s = outputs.get(0).type().shape();
        if (outputs.size() != 1 || s.rank() != 3 || s.dim(0) != 1 || s.dim(2) != BOX + classes) {
            throw new IllegalArgumentException(name() + ": found outputs " + outputs.stream().map(Tensor::type).toList()
                    + ", wanted one of shape [1,N," + (BOX + classes) + "]");
        }
        return new YoloV5Decoder(outputs.get(0), normalized ? width : 1, normalized ? height : 1, threshold);
    }

    /** Objectness decides first: no class can lift a product above it. */
    private static final class YoloV5Decoder implements Decoder {
        private final Reals values;
        private final ClassScores objectness;
        private final ClassScores classScores;
        private final int rows;
        private final int columns;
        private final float unitX;
        private final float unitY;
        private final float threshold;

        YoloV5Decoder(Tensor tensor, float unitX, float unitY, float threshold) {
            rows = tensor.type().shape().dim(1);
            columns = tensor.type().shape().dim(2);
            values = new Reals(tensor);
            objectness = new ClassScores(tensor, columns, BOX - 1, BOX, ScoreActivation.NONE, threshold);
            classScores = new ClassScores(tensor, columns, BOX, columns, ScoreActivation.NONE, threshold);
            this.unitX = unitX;
            this.unitY = unitY;
            this.threshold = threshold;
        }

        @Override
        public int maxCandidates() {
            return rows;
        }

        @Override
        public int keypoints() {
            return 0;
        }

        @Override
        public void decode(Candidates out) {
            for (int i = 0; i < rows; i++) {
                if (objectness.best(i) < 0) {
                    continue;
                }
                int column = classScores.best(i);
                if (column < 0) {
                    continue;
                }
                float score = objectness.score(i, BOX - 1) * classScores.score(i, column);
                if (score >= threshold) {
                    long row = (long) i * columns;
                    float cx = values.at(row) * unitX;
                    float cy = values.at(row + 1) * unitY;
                    float w = values.at(row + 2) * unitX;
                    float h = values.at(row + 3) * unitY;
                    out.add(cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2, score, column - BOX);
                }
            }
        }
    }
}
