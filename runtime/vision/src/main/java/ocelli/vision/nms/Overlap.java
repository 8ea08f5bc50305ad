package ocelli.vision.nms;

import ocelli.vision.decode.Candidates;

/** Measures of how much two boxes are the same. */
final class Overlap {
    private Overlap() {
    }

    /** Intersection over union; 0 when both boxes are empty. */
    static float iou(Candidates a, int i, Candidates b, int j) {
        float width = Math.min(a.x2(i), b.x2(j)) - Math.max(a.x1(i), b.x1(j));
        float height = Math.min(a.y2(i), b.y2(j)) - Math.max(a.y1(i), b.y1(j));
        if (!(width > 0 && height > 0)) {
            return 0;
        }
        float common = width * height;
        float union = (a.x2(i) - a.x1(i)) * (a.y2(i) - a.y1(i)) + (b.x2(j) - b.x1(j)) * (b.y2(j) - b.y1(j)) - common;
        return union > 0 ? common / union : 0;
    }

    /** Intersection over union, less the squared distance of the centres in squares of the diagonal of the box around both. */
    static float diou(Candidates a, int i, Candidates b, int j) {
        float dx = (a.x1(i) + a.x2(i) - b.x1(j) - b.x2(j)) / 2;
        float dy = (a.y1(i) + a.y2(i) - b.y1(j) - b.y2(j)) / 2;
        float width = Math.max(a.x2(i), b.x2(j)) - Math.min(a.x1(i), b.x1(j));
        float height = Math.max(a.y2(i), b.y2(j)) - Math.min(a.y1(i), b.y1(j));
        float diagonal = width * width + height * height;
        return iou(a, i, b, j) - (diagonal > 0 ? (dx * dx + dy * dy) / diagonal : 0);
    }
}
