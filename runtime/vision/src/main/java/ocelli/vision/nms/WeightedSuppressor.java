package ocelli.vision.nms;

import ocelli.vision.decode.Candidates;

/** Blending suppression: each surviving box is the mean of its cluster. */
final class WeightedSuppressor implements NonMaxSuppression.Suppressor {
    private final Ranking ranking;
    private final int[] left;
    private final int[] cluster;
    private final float iou;
    private final int maxDetections;

    WeightedSuppressor(int capacity, float iou, int maxDetections) {
        ranking = new Ranking(capacity);
        left = new int[capacity];
        cluster = new int[capacity];
        this.iou = iou;
        this.maxDetections = maxDetections;
    }

    @Override
    public void suppress(Candidates in, Candidates out) {
        ranking.rank(in);
        int size = ranking.size();
        for (int r = 0; r < size; r++) {
            left[r] = ranking.at(r);
        }
        int from = out.size();
        while (size > 0 && out.size() - from < maxDetections) {
            int best = left[0];
            int members = 0;
            int rest = 0;
            for (int r = 0; r < size; r++) {
                // An empty box overlaps nothing, not even itself; it still has to leave the list.
                if (r == 0 || Overlap.iou(in, left[r], in, best) > iou) {
                    cluster[members++] = left[r];
                } else {
                    left[rest++] = left[r];
                }
            }
            size = rest;
            blend(in, best, members, out);
        }
    }

    private void blend(Candidates in, int best, int members, Candidates out) {
        int to = out.add(in, best);
        float total = 0;
        for (int m = 0; m < members; m++) {
            total += in.score(cluster[m]);
        }
        if (!(total > 0)) {
            return;
        }
        float x1 = 0;
        float y1 = 0;
        float x2 = 0;
        float y2 = 0;
        for (int m = 0; m < members; m++) {
            int i = cluster[m];
            float weight = in.score(i) / total;
            x1 += in.x1(i) * weight;
            y1 += in.y1(i) * weight;
            x2 += in.x2(i) * weight;
            y2 += in.y2(i) * weight;
        }
        out.setBox(to, x1, y1, x2, y2);
        for (int k = 0; k < in.keypoints(); k++) {
            float x = 0;
            float y = 0;
            for (int m = 0; m < members; m++) {
                float weight = in.score(cluster[m]) / total;
                x += in.keypointX(cluster[m], k) * weight;
                y += in.keypointY(cluster[m], k) * weight;
            }
            out.setKeypoint(to, k, x, y);
        }
    }
}
