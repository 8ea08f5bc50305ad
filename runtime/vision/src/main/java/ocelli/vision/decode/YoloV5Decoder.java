package ocelli.vision.decode;

import ocelli.core.tensor.Tensor;

/** Objectness decides first: a class probability can only lower it. */
final class YoloV5Decoder implements Decoder {
    private static final int OBJECTNESS = YoloV5Head.BOX - 1;
    /** Rounding lifts a probability a little above 1, never so far. */
    private static final float NO_PROBABILITY = 1.5f;

    private final YoloV5Head.Scores unit;
    private final Reals values;
    private final ClassScores[] objectness = new ClassScores[2];
    private final ClassScores[] classScores = new ClassScores[2];
    private final int rows;
    private final int columns;
    private final float unitX;
    private final float unitY;
    private final float threshold;

    YoloV5Decoder(Tensor tensor, YoloV5Head.Scores unit, float unitX, float unitY, float threshold) {
        this.unit = unit;
        rows = tensor.type().shape().dim(1);
        columns = tensor.type().shape().dim(2);
        values = new Reals(tensor);
        for (int percent = 0; percent < 2; percent++) {
            ScoreActivation activation = percent == 1 ? ScoreActivation.PERCENT : ScoreActivation.NONE;
            objectness[percent] = new ClassScores(Table.rows(tensor).part(0, OBJECTNESS + 1), OBJECTNESS, activation, threshold);
            classScores[percent] = new ClassScores(Table.rows(tensor), OBJECTNESS + 1, activation, threshold);
        }
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
        int percent = isPercent() ? 1 : 0;
        for (int i = 0; i < rows; i++) {
            if (objectness[percent].best(i) >= 0) {
                box(i, objectness[percent].score(i, OBJECTNESS), classScores[percent], out);
            }
        }
    }

    private void box(int i, float certainty, ClassScores classes, Candidates out) {
        float score = certainty;
        int column = OBJECTNESS + 1;
        if (columns > OBJECTNESS + 2) {
            column = classes.best(i);
            if (column < 0) {
                return;
            }
            score *= classes.score(i, column);
        }
        if (score >= threshold) {
            long row = (long) i * columns;
            float cx = values.at(row) * unitX;
            float cy = values.at(row + 1) * unitY;
            float w = values.at(row + 2) * unitX;
            float h = values.at(row + 3) * unitY;
            out.add(cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2, score, column - YoloV5Head.BOX);
        }
    }

    private boolean isPercent() {
        if (unit != YoloV5Head.Scores.DETECT) {
            return unit == YoloV5Head.Scores.PERCENT;
        }
        for (int i = 0; i < rows; i++) {
            for (int c = OBJECTNESS; c < columns; c++) {
                if (values.at((long) i * columns + c) > NO_PROBABILITY) {
                    return true;
                }
            }
        }
        return false;
    }
}
