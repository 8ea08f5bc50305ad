package ocelli.models;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import ocelli.vision.Detection;

/**
 * Boxes of detectors as their papers and their authors' examples describe them, written down once more, plainly and in
 * float64, for the golden tests. Shares no code with the decoders of the product. Boxes are in pixels of the model's input.
 */
final class PlainBoxes {
    private PlainBoxes() {
    }

    record Box(int cls, double score, double x1, double y1, double x2, double y2) {
        static Box centred(int cls, double score, double cx, double cy, double w, double h) {
            return new Box(cls, score, cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2);
        }

        double iou(double bx1, double by1, double bx2, double by2) {
            double w = Math.max(0, Math.min(x2, bx2) - Math.max(x1, bx1));
            double h = Math.max(0, Math.min(y2, by2) - Math.max(y1, by1));
            double union = (x2 - x1) * (y2 - y1) + (bx2 - bx1) * (by2 - by1) - w * h;
            return union > 0 ? w * h / union : 0;
        }

        double iou(Box b) {
            return iou(b.x1, b.y1, b.x2, b.y2);
        }

        double iou(Detection d) {
            return iou(d.x1(), d.y1(), d.x2(), d.y2());
        }
    }

    /** An output of the oracle: its numbers and its dimensions. */
    record Raw(double[] values, int... dims) {
        double at(int i) {
            return values[i];
        }
    }

    private static int best(double[] v, int from, int step, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (v[from + i * step] > v[from + best * step]) {
                best = i;
            }
        }
        return best;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    static List<Box> yolox(List<Raw> raw, int side) {
        double[] v = raw.get(0).values;
        List<Box> boxes = new ArrayList<>();
        int at = 0;
        for (int stride : new int[] {8, 16, 32}) {
            for (int y = 0; y < side / stride; y++) {
                for (int x = 0; x < side / stride; x++, at += 85) {
                    int cls = best(v, at + 5, 1, 80);
                    boxes.add(Box.centred(cls, v[at + 4] * v[at + 5 + cls], (v[at] + x) * stride, (v[at + 1] + y) * stride,
                            Math.exp(v[at + 2]) * stride, Math.exp(v[at + 3]) * stride));
                }
            }
        }
        return boxes;
    }

    /** Outputs: scores of all levels, then distributions of all levels. */
    static List<Box> distributions(List<Raw> raw, int side, int... strides) {
        List<Box> boxes = new ArrayList<>();
        for (int l = 0; l < strides.length; l++) {
            double[] scores = raw.get(l).values;
            double[] bins = raw.get(l + strides.length).values;
            int across = Math.ceilDiv(side, strides[l]);
            for (int cell = 0; cell < scores.length / 80; cell++) {
                double[] side4 = new double[4];
                for (int k = 0; k < 4; k++) {
                    double sum = 0;
                    for (int b = 0; b < 8; b++) {
                        double e = Math.exp(bins[cell * 32 + k * 8 + b]);
                        sum += e;
                        side4[k] += e * b;
                    }
                    side4[k] *= strides[l] / sum;
                }
                int cls = best(scores, cell * 80, 1, 80);
                double cx = (cell % across + 0.5) * strides[l];
                double cy = (cell / across + 0.5) * strides[l];
                boxes.add(new Box(cls, scores[cell * 80 + cls], cx - side4[0], cy - side4[1], cx + side4[2], cy + side4[3]));
            }
        }
        return boxes;
    }

    static List<Box> fastestDet(List<Raw> raw, int side) {
        double[] v = raw.get(0).values;
        int n = side / 16;
        int plane = n * n;
        List<Box> boxes = new ArrayList<>();
        for (int i = 0; i < plane; i++) {
            int cls = best(v, 5 * plane + i, plane, 80);
            boxes.add(Box.centred(cls, Math.pow(v[i], 0.6) * Math.pow(v[(5 + cls) * plane + i], 0.4), (i % n + Math.tanh(v[plane
                    + i])) / n * side,
                    (i / n + Math.tanh(v[2 * plane + i])) / n * side, sigmoid(v[3 * plane + i]) * side, sigmoid(v[4 * plane + i]) * side));
        }
        return boxes;
    }

    /** Outputs: classes, objectness, boxes, points, each of three levels. */
    static List<Box> yunet(List<Raw> raw, int side) {
        List<Box> boxes = new ArrayList<>();
        for (int l = 0; l < 3; l++) {
            int s = 8 << l;
            int n = side / s;
            double[] box = raw.get(6 + l).values;
            for (int i = 0; i < n * n; i++) {
                boxes.add(Box.centred(0, Math.sqrt(raw.get(l).at(i) * raw.get(3 + l).at(i)), (i % n + box[4 * i]) * s, (i / n
                        + box[4 * i + 1]) * s, Math.exp(box[4 * i + 2]) * s, Math.exp(box[4 * i + 3]) * s));
            }
        }
        return boxes;
    }

    static List<Box> ultraFace(List<Raw> raw, int width, int height) {
        List<Box> boxes = new ArrayList<>();
        for (int i = 0; i < raw.get(0).values.length / 2; i++) {
            double[] b = raw.get(1).values;
            boxes.add(new Box(1, raw.get(0).at(2 * i + 1), b[4 * i] * width, b[4 * i + 1] * height, b[4 * i + 2] * width, b[4 * i
                    + 3] * height));
        }
        return boxes;
    }

    /**
     * BlazeFace: two anchors in each fine cell, six in each coarse one, all as large as the input, of which only the centre
     * counts.
     *
     * @param scores one number for each anchor
     * @param rows   16 for each
     */
    static List<Box> blazeFace(double[] scores, double[] rows, int side) {
        List<Box> boxes = new ArrayList<>();
        for (int i = 0; i < 896; i++) {
            int cells = i < 512 ? 16 : 8;
            int cell = i < 512 ? i / 2 : (i - 512) / 6;
            double cx = (cell % cells + 0.5) / cells * side + rows[16 * i];
            double cy = (cell / cells + 0.5) / cells * side + rows[16 * i + 1];
            boxes.add(Box.centred(0, sigmoid(scores[i]), cx, cy, rows[16 * i + 2], rows[16 * i + 3]));
        }
        return boxes;
    }

    /** One class, whose column is left out, and percent. */
    static List<Box> seeedYolo(List<Raw> raw) {
        double[] v = raw.get(0).values;
        List<Box> boxes = new ArrayList<>();
        for (int i = 0; i < v.length; i += 6) {
            boxes.add(Box.centred(0, v[i + 4] / 100, v[i], v[i + 1], v[i + 2], v[i + 3]));
        }
        return boxes;
    }

    /** Outputs: labels, boxes, scores. */
    static List<Box> endToEnd(List<Raw> raw) {
        List<Box> boxes = new ArrayList<>();
        double[] b = raw.get(1).values;
        for (int i = 0; i < raw.get(2).values.length; i++) {
            boxes.add(new Box((int) raw.get(0).at(i), raw.get(2).at(i), b[4 * i], b[4 * i + 1], b[4 * i + 2], b[4 * i + 3]));
        }
        return boxes;
    }

    /** FOMO of one class on a grid of planes: cells that touch are one. */
    static List<Box> fomo(List<Raw> raw, int side, double threshold) {
        int n = raw.get(0).dims[3];
        double[] v = raw.get(0).values;
        int[] group = new int[n * n];
        for (int i = 0; i < n * n; i++) {
            group[i] = v[n * n + i] >= threshold ? i + 1 : 0;
        }
        for (int round = 0; round < n * n; round++) {
            for (int i = 0; i < n * n; i++) {
                for (int j = 0; j < n * n; j++) {
                    boolean touch = Math.abs(i % n - j % n) <= 1 && Math.abs(i / n - j / n) <= 1;
                    if (touch && group[i] > 0 && group[j] > 0) {
                        group[i] = Math.min(group[i], group[j]);
                    }
                }
            }
        }
        List<Box> boxes = new ArrayList<>();
        for (int g = 1; g <= n * n; g++) {
            Box box = null;
            for (int i = 0; i < n * n; i++) {
                if (group[i] == g) {
                    double cell = (double) side / n;
                    Box b = new Box(1, v[n * n + i], i % n * cell, i / n * cell, (i % n + 1) * cell, (i / n + 1) * cell);
                    box = box == null ? b : new Box(1, Math.max(box.score, b.score), Math.min(box.x1, b.x1), Math.min(box.y1, b.y1),
                            Math.max(box.x2, b.x2), Math.max(box.y2, b.y2));
                }
            }
            if (box != null) {
                boxes.add(box);
            }
        }
        return boxes;
    }

    /** Drops boxes that overlap a better one of their class. */
    static List<Box> greedy(List<Box> boxes, double threshold, double limit) {
        List<Box> kept = new ArrayList<>();
        boxes.stream().filter(b -> b.score >= threshold).sorted(Comparator.comparingDouble(b -> -b.score)).forEach(b -> {
            if (kept.stream().noneMatch(k -> k.cls == b.cls && k.iou(b) > limit)) {
                kept.add(b);
            }
        });
        return kept;
    }

    /** Takes the mean of the boxes that overlap the best one, weighted by their scores. */
    static List<Box> blended(List<Box> boxes, double threshold, double limit) {
        List<Box> left = new ArrayList<>(boxes.stream().filter(b -> b.score >= threshold).sorted(Comparator.comparingDouble(b ->
                -b.score)).toList());
        List<Box> out = new ArrayList<>();
        while (!left.isEmpty()) {
            Box best = left.get(0);
            List<Box> same = left.stream().filter(b -> b == best || best.iou(b) > limit).toList();
            left.removeAll(same);
            double sum = same.stream().mapToDouble(Box::score).sum();
            out.add(new Box(best.cls, best.score, same.stream().mapToDouble(b -> b.x1 * b.score / sum).sum(),
                    same.stream().mapToDouble(b -> b.y1 * b.score / sum).sum(), same.stream().mapToDouble(b -> b.x2 * b.score / sum).sum(),
                    same.stream().mapToDouble(b -> b.y2 * b.score / sum).sum()));
        }
        return out;
    }
}
