package ocelli.vision.nms;

import ocelli.vision.decode.Candidates;

/** Greedy suppression within classes or across them. */
final class GreedySuppressor implements NonMaxSuppression.Suppressor {
    private final Ranking ranking;
    private final float iou;
    private final int maxDetections;
    private final boolean acrossClasses;

    GreedySuppressor(int capacity, float iou, int maxDetections, boolean acrossClasses) {
        ranking = new Ranking(capacity);
        this.iou = iou;
        this.maxDetections = maxDetections;
        this.acrossClasses = acrossClasses;
    }

    @Override
    public void suppress(Candidates in, Candidates out) {
        ranking.rank(in);
        int from = out.size();
        for (int r = 0; r < ranking.size() && out.size() - from < maxDetections; r++) {
            int i = ranking.at(r);
            if (iou >= 1 || !covered(in, i, out, from)) {
                out.add(in, i);
            }
        }
    }

    private boolean covered(Candidates in, int i, Candidates kept, int from) {
        for (int k = from; k < kept.size(); k++) {
            if ((acrossClasses || kept.classIndex(k) == in.classIndex(i)) && Overlap.iou(kept, k, in, i) > iou) {
                return true;
            }
        }
        return false;
    }
}
