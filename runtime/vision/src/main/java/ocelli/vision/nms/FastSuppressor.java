package ocelli.vision.nms;

import ocelli.vision.decode.Candidates;

/** Each box is dropped by any better one of its class, be that dropped itself or not. */
final class FastSuppressor implements NonMaxSuppression.Suppressor {
    private final Ranking ranking;
    private final float iou;
    private final int maxDetections;

    FastSuppressor(int capacity, float iou, int maxDetections) {
        ranking = new Ranking(capacity);
        this.iou = iou;
        this.maxDetections = maxDetections;
    }

    @Override
    public void suppress(Candidates in, Candidates out) {
        ranking.rank(in);
        int from = out.size();
        for (int r = 0; r < ranking.size() && out.size() - from < maxDetections; r++) {
            if (!covered(in, r)) {
                out.add(in, ranking.at(r));
            }
        }
    }

    private boolean covered(Candidates in, int r) {
        int i = ranking.at(r);
        for (int q = 0; q < r; q++) {
            int j = ranking.at(q);
            if (in.classIndex(j) == in.classIndex(i) && Overlap.iou(in, j, in, i) > iou) {
                return true;
            }
        }
        return false;
    }
}
