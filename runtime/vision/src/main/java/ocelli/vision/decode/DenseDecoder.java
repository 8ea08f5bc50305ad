package ocelli.vision.decode;

import java.util.List;

/**
 * Decoder of heads that say something about every place of one or more grids. Objectness decides first, then the best class,
 * and only then is a box computed.
 */
final class DenseDecoder implements Decoder {
    private final Level[] levels;
    private final ScoreRule rule;
    private final float threshold;
    private final int rows;
    private final int keypoints;

    /**
     * Rows that are decoded alike.
     *
     * @param objectness scores of one column, or null for heads without
     * @param rows       of all three
     */
    record Level(RowScores objectness, RowScores classes, RowBoxes boxes, int rows) {
    }

    DenseDecoder(List<Level> levels, ScoreRule rule, float threshold) {
        this.levels = levels.toArray(new Level[0]);
        this.rule = rule;
        this.threshold = threshold;
        rows = levels.stream().mapToInt(Level::rows).sum();
        keypoints = levels.get(0).boxes.keypoints();
    }

    @Override
    public int maxCandidates() {
        return rows;
    }

    @Override
    public int keypoints() {
        return keypoints;
    }

    @Override
    public void decode(Candidates out) {
        for (Level level : levels) {
            level.classes.scan();
            for (int row = 0; row < level.rows; row++) {
                if (level.objectness == null || level.objectness.best(row) >= 0) {
                    decode(level, row, out);
                }
            }
        }
    }

    private void decode(Level level, int row, Candidates out) {
        int cls = level.classes.best(row);
        if (cls < 0) {
            return;
        }
        float certainty = level.objectness == null ? 1 : level.objectness.score(row, 0);
        float score = rule.combine(certainty, level.classes.score(row, cls));
        if (score >= threshold) {
            level.boxes.add(row, score, cls, out);
        }
    }
}
