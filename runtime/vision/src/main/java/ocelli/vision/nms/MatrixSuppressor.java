package ocelli.vision.nms;

import ocelli.vision.decode.Candidates;

/**
 * Lowers every score once, by the worst of its better rivals, each counted the less the more it is covered itself. All pairs
 * of a class are compared.
 */
final class MatrixSuppressor implements NonMaxSuppression.Suppressor {
    private final Ranking ranking;
    private final Candidates decayed;
    private final Ranking second;
    private final float[] covered;
    private final NonMaxSuppression.Matrix rule;
    private final int[] origin;

    MatrixSuppressor(int capacity, NonMaxSuppression.Matrix rule) {
        ranking = new Ranking(capacity);
        second = new Ranking(capacity);
        decayed = new Candidates(capacity, 0);
        covered = new float[capacity];
        origin = new int[capacity];
        this.rule = rule;
    }

    @Override
    public void suppress(Candidates in, Candidates out) {
        ranking.rank(in);
        decayed.clear();
        for (int r = 0; r < ranking.size(); r++) {
            int i = ranking.at(r);
            float score = in.score(i) * factor(in, r, i);
            if (score >= rule.minScore()) {
                origin[decayed.size()] = i;
                decayed.add(0, 0, 0, 0, score, 0);
            }
        }
        second.rank(decayed);
        int count = Math.min(second.size(), rule.maxDetections());
        for (int r = 0; r < count; r++) {
            int d = second.at(r);
            out.setScore(out.add(in, origin[d]), decayed.score(d));
        }
    }

    /** Also notes how much the box is covered, for those that follow. */
    private float factor(Candidates in, int r, int i) {
        float worst = 1;
        float most = 0;
        for (int q = 0; q < r; q++) {
            int j = ranking.at(q);
            if (in.classIndex(j) == in.classIndex(i)) {
                float iou = Overlap.iou(in, j, in, i);
                most = Math.max(most, iou);
                worst = Math.min(worst, quotient(iou, covered[q]));
            }
        }
        covered[r] = most;
        return worst;
    }

    private float quotient(float iou, float cover) {
        if (rule.gaussian()) {
            return (float) Math.exp(-rule.sigma() * (iou * iou - cover * cover));
        }
        // A rival that is wholly covered by a better one has no say: the quotient tends to infinity.
        return cover >= 1 ? 1 : (1 - iou) / (1 - cover);
    }
}
