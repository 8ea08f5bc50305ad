package ocelli.vision.nms;

import ocelli.vision.decode.Candidates;

/** Greedy suppression within classes or across them, by overlap or by overlap and distance. */
final class GreedySuppressor implements NonMaxSuppression.Suppressor {
    private final Ranking ranking;
    private final float limit;
    private final int maxDetections;
    private final boolean acrossClasses;
    private final boolean distance;

    /** @param limit what a box may share with a kept one; from 1 on nothing is compared */
    GreedySuppressor(int capacity, float limit, int maxDetections, boolean acrossClasses, boolean distance) {
        ranking = new Ranking(capacity);
        this.limit = limit;
        this.maxDetections = maxDetections;
        this.acrossClasses = acrossClasses;
        this.distance = distance;
    }

    @Override
    public void suppress(Candidates in, Candidates out) {
        ranking.rank(in);
        int from = out.size();
        for (int r = 0; r < ranking.size() && out.size() - from < maxDetections; r++) {
            int i = ranking.at(r);
            if (limit >= 1 || !covered(in, i, out, from)) {
                out.add(in, i);
            }
        }
    }

    private boolean covered(Candidates in, int i, Candidates kept, int from) {
        for (int k = from; k < kept.size(); k++) {
            if ((acrossClasses || kept.classIndex(k) == in.classIndex(i))
                    && (distance ? Overlap.diou(kept, k, in, i) : Overlap.iou(kept, k, in, i)) > limit) {
                return true;
            }
        }
        return false;
    }
}
