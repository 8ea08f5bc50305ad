package ocelli.vision.nms;

import ocelli.vision.decode.Candidates;

/** Takes the best box again and again and lowers the scores of what overlaps it. Keeps the scores in an array of its own. */
final class SoftSuppressor implements NonMaxSuppression.Suppressor {
    private final float[] scores;
    private final int[] left;
    private final NonMaxSuppression.Soft rule;

    SoftSuppressor(int capacity, NonMaxSuppression.Soft rule) {
        scores = new float[capacity];
        left = new int[capacity];
        this.rule = rule;
    }

    @Override
    public void suppress(Candidates in, Candidates out) {
        int size = 0;
        for (int i = 0; i < in.size(); i++) {
            scores[i] = in.score(i);
            left[size++] = i;
        }
        int from = out.size();
        while (size > 0 && out.size() - from < rule.maxDetections()) {
            int best = best(size);
            if (!(scores[best] >= rule.minScore())) {
                return;
            }
            out.setScore(out.add(in, best), scores[best]);
            size = decay(in, best, size);
        }
    }

    /** The first of the best; the list stays in the order of the candidates. */
    private int best(int size) {
        int best = left[0];
        for (int l = 1; l < size; l++) {
            if (scores[left[l]] > scores[best]) {
                best = left[l];
            }
        }
        return best;
    }

    /** Lowers the scores, and takes the best box and hopeless ones off the list. */
    private int decay(Candidates in, int best, int size) {
        int rest = 0;
        for (int l = 0; l < size; l++) {
            int i = left[l];
            if (i != best && in.classIndex(i) == in.classIndex(best)) {
                scores[i] *= factor(Overlap.iou(in, best, in, i));
            }
            if (i != best && scores[i] >= rule.minScore()) {
                left[rest++] = i;
            }
        }
        return rest;
    }

    private float factor(float iou) {
        return rule.gaussian() ? (float) Math.exp(-iou * iou / rule.parameter()) : iou > rule.parameter() ? 1 - iou : 1;
    }
}
