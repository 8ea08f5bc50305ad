package ocelli.vision.nms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import ocelli.vision.Allocation;
import ocelli.vision.decode.Candidates;
import org.junit.jupiter.api.Test;

/** The rules beyond the greedy ones, against their papers' formulas written down plainly in float64. */
class SuppressionFamilyTest {
    private static final int CAPACITY = 60;

    private record Box(int origin, double x1, double y1, double x2, double y2, double score, int cls) {
        Box scored(double s) {
            return new Box(origin, x1, y1, x2, y2, s, cls);
        }

        double iou(Box b) {
            double w = Math.max(0, Math.min(x2, b.x2) - Math.max(x1, b.x1));
            double h = Math.max(0, Math.min(y2, b.y2) - Math.max(y1, b.y1));
            double union = (x2 - x1) * (y2 - y1) + (b.x2 - b.x1) * (b.y2 - b.y1) - w * h;
            return union > 0 ? w * h / union : 0;
        }

        double diou(Box b) {
            double d = Math.pow((x1 + x2 - b.x1 - b.x2) / 2, 2) + Math.pow((y1 + y2 - b.y1 - b.y2) / 2, 2);
            double c = Math.pow(Math.max(x2, b.x2) - Math.min(x1, b.x1), 2) + Math.pow(Math.max(y2, b.y2) - Math.min(y1, b.y1), 2);
            return iou(b) - (c > 0 ? d / c : 0);
        }
    }

    private static final Comparator<Box> BEST_FIRST = Comparator.comparingDouble((Box b) -> -b.score).thenComparingInt(b -> b.origin);

    /** Scores all differ by more than rounding, so that float and double agree on the order. */
    private static Candidates random(Random r, int n) {
        Candidates c = new Candidates(n, 1);
        List<Integer> scores = new ArrayList<>(IntStream.rangeClosed(1, n).boxed().toList());
        Collections.shuffle(scores, r);
        for (int i = 0; i < n; i++) {
            float x = r.nextInt(60);
            float y = r.nextInt(60);
            int at = c.add(x, y, x + 1 + r.nextInt(40), y + 1 + r.nextInt(40), scores.get(i) / (n + 1f), r.nextInt(3));
            c.setKeypoint(at, 0, i, -i);
        }
        return c;
    }

    private static List<Box> sorted(Candidates c) {
        List<Box> boxes = new ArrayList<>();
        for (int i = 0; i < c.size(); i++) {
            boxes.add(new Box(i, c.x1(i), c.y1(i), c.x2(i), c.y2(i), c.score(i), c.classIndex(i)));
        }
        boxes.sort(BEST_FIRST);
        return boxes;
    }

    private static void check(String what, NonMaxSuppression rule, Candidates in, List<Box> wanted) {
        Candidates out = new Candidates(CAPACITY, 1);
        NonMaxSuppression.Suppressor worker = rule.bind(CAPACITY);
        worker.suppress(in, out);
        out.clear();
        worker.suppress(in, out);
        assertEquals(wanted.size(), out.size(), what + " of " + in.size());
        for (int i = 0; i < out.size(); i++) {
            assertEquals(wanted.get(i).origin, out.keypointX(i, 0), what + " at " + i);
            assertEquals(wanted.get(i).score, out.score(i), 1e-5, what + " at " + i);
            assertEquals(in.x2(wanted.get(i).origin), out.x2(i));
            assertEquals(wanted.get(i).cls, out.classIndex(i));
        }
    }

    private static List<Box> first(List<Box> boxes, int most) {
        return boxes.subList(0, Math.min(most, boxes.size()));
    }

    private static List<Box> soft(List<Box> sorted, DoubleUnaryOperator factor, double minScore, int most) {
        List<Box> left = new ArrayList<>(sorted);
        List<Box> out = new ArrayList<>();
        while (!left.isEmpty() && out.size() < most) {
            left.sort(BEST_FIRST);
            Box best = left.remove(0);
            if (best.score < minScore) {
                break;
            }
            out.add(best);
            left.replaceAll(b -> b.cls == best.cls ? b.scored(b.score * factor.applyAsDouble(b.iou(best))) : b);
        }
        return out;
    }

    /** The quotients as a matrix, as the paper has them. */
    private static List<Box> matrix(List<Box> sorted, DoubleUnaryOperator f, double minScore) {
        int n = sorted.size();
        double[][] iou = new double[n][n];
        double[] cover = new double[n];
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < j; i++) {
                iou[i][j] = sorted.get(i).cls == sorted.get(j).cls ? sorted.get(i).iou(sorted.get(j)) : -1;
                cover[j] = Math.max(cover[j], iou[i][j]);
            }
        }
        List<Box> out = new ArrayList<>();
        for (int j = 0; j < n; j++) {
            double factor = 1;
            for (int i = 0; i < j; i++) {
                if (iou[i][j] >= 0 && f.applyAsDouble(cover[i]) > 0) {
                    factor = Math.min(factor, f.applyAsDouble(iou[i][j]) / f.applyAsDouble(cover[i]));
                }
            }
            out.add(sorted.get(j).scored(sorted.get(j).score * factor));
        }
        out.removeIf(b -> b.score < minScore);
        out.sort(BEST_FIRST);
        return out;
    }

    /** A dense grid of the best scores, pooled. */
    private static List<Box> maxPool(List<Box> sorted, int cell, int kernel) {
        int side = 120 / cell + 1 + kernel;
        double[][][] grid = new double[3][side][side];
        for (Box b : sorted) {
            double[] row = grid[b.cls][y(b, cell)];
            row[x(b, cell)] = Math.max(row[x(b, cell)], b.score);
        }
        List<Box> out = new ArrayList<>();
        for (Box b : sorted) {
            double most = 0;
            for (int dy = -kernel / 2; dy <= kernel / 2; dy++) {
                for (int dx = -kernel / 2; dx <= kernel / 2; dx++) {
                    int gx = x(b, cell) + dx;
                    int gy = y(b, cell) + dy;
                    if (gx >= 0 && gy >= 0 && gx < side && gy < side) {
                        most = Math.max(most, grid[b.cls][gy][gx]);
                    }
                }
            }
            if (most == b.score) {
                out.add(b);
            }
        }
        return out;
    }

    private static int x(Box b, int cell) {
        return (int) ((b.x1 + b.x2) / 2) / cell;
    }

    private static int y(Box b, int cell) {
        return (int) ((b.y1 + b.y2) / 2) / cell;
    }

    @Test
    void rulesAgreeWithTheirFormulas() {
        Random r = new Random(23);
        for (int round = 0; round < 300; round++) {
            Candidates in = random(r, r.nextInt(CAPACITY));
            List<Box> sorted = sorted(in);
            float limit = 0.21234f + 0.1f * r.nextInt(4);
            int most = 1 + r.nextInt(30);
            List<Box> fast = sorted.stream().filter(b -> sorted.stream().noneMatch(k -> k.score > b.score && k.cls == b.cls
                    && k.iou(b) > limit)).toList();
            check("fast", new NonMaxSuppression.Fast(limit, most), in, first(fast, most));
            List<Box> diou = new ArrayList<>();
            sorted.stream().filter(b -> diou.stream().noneMatch(k -> k.cls == b.cls && k.diou(b) > limit)).forEach(diou::add);
            check("diou", new NonMaxSuppression.Diou(limit, most), in, first(diou, most));
            check("soft linear", new NonMaxSuppression.Soft(false, limit, 0.05f, most), in, soft(sorted, v -> v > limit ? 1 - v : 1,
                    0.05f, most));
            check("soft gaussian", new NonMaxSuppression.Soft(true, 0.5f, 0.05f, most), in, soft(sorted, v -> Math.exp(-v * v / 0.5),
                    0.05f, most));
            check("matrix", new NonMaxSuppression.Matrix(false, 2, 0.05f, most), in, first(matrix(sorted, v -> 1 - v, 0.05f), most));
            check("matrix gaussian", new NonMaxSuppression.Matrix(true, 2, 0.05f, most), in,
                    first(matrix(sorted, v -> Math.exp(-2 * v * v), 0.05f), most));
            int cell = 3 + r.nextInt(10);
            int kernel = 1 + 2 * r.nextInt(3);
            check("max-pool", new NonMaxSuppression.MaxPool(cell, kernel, most), in, first(maxPool(sorted, cell, kernel), most));
        }
    }

    @Test
    void handMadeCases() {
        Candidates in = new Candidates(3, 0);
        in.add(0, 0, 10, 10, 0.9f, 0);
        in.add(0, 0, 10, 5, 0.8f, 0);
        in.add(0, 0, 10, 2.5f, 0.7f, 0);
        Candidates out = new Candidates(3, 0);
        // IoU 0.5 with the best, which is above the limit; the third has 0.25 with the best and 0.5 with the second.
        new NonMaxSuppression.Soft(false, 0.4f, 0.1f, 10).bind(3).suppress(in, out);
        assertEquals(3, out.size());
        assertEquals(0.9f, out.score(0));
        assertEquals(0.7f, out.score(1), 1e-6);
        assertEquals(0.8f * 0.5f * 0.5f, out.score(2), 1e-6);
        out.clear();
        new NonMaxSuppression.Fast(0.4f, 10).bind(3).suppress(in, out);
        assertEquals(1, out.size(), "the third goes with the second, which is gone itself");
        out.clear();
        new NonMaxSuppression.Greedy(0.4f, 10).bind(3).suppress(in, out);
        assertEquals(2, out.size());
        out.clear();
        new NonMaxSuppression.Matrix(false, 2, 0.1f, 10).bind(3).suppress(in, out);
        assertEquals(0.9f, out.score(0));
        // min over (1 − 0.25)/(1 − 0) and (1 − 0.5)/(1 − 0.5)
        assertEquals(0.7f * 0.75f, out.score(1), 1e-6);
        assertEquals(0.8f * 0.5f, out.score(2), 1e-6);
    }

    @Test
    void equalScoresKeepTheEarlierOfACell() {
        Candidates in = new Candidates(3, 0);
        in.add(1, 1, 3, 3, 0.5f, 0);
        in.add(2, 2, 3, 3, 0.5f, 0);
        in.add(2, 2, 3, 3, 0.5f, 1);
        Candidates out = new Candidates(3, 0);
        new NonMaxSuppression.MaxPool(4, 3, 10).bind(3).suppress(in, out);
        assertEquals(2, out.size());
        assertEquals(1, out.x1(0));
        assertEquals(1, out.classIndex(1), "another class is another grid");
        out.clear();
        in.clear();
        in.add(Float.NEGATIVE_INFINITY, 0, Float.NaN, 3, 0.5f, 0);
        in.add(-1e30f, 0, -1e29f, 3, 0.4f, 0);
        new NonMaxSuppression.MaxPool(4, 3, 10).bind(3).suppress(in, out);
        assertTrue(out.size() >= 1, "centres far off and without number do no harm");
    }

    @Test
    void nothingIsAllocated() {
        Candidates in = random(new Random(1), 500);
        Candidates out = new Candidates(500, 1);
        for (String name : NonMaxSuppression.NAMES) {
            NonMaxSuppression.Suppressor worker = NonMaxSuppression.named(name, 0.5f, 0.1f, 100).bind(500);
            assertEquals(0, Allocation.bytes(() -> {
                out.clear();
                worker.suppress(in, out);
            }), name);
            assertTrue(out.size() > 0, name);
        }
    }

    @Test
    void namesAndLimits() {
        for (String name : NonMaxSuppression.NAMES) {
            NonMaxSuppression rule = NonMaxSuppression.named(name, 0.5f, 0.1f, 100);
            assertEquals(rule.limit().map(l -> 0.25f), rule.withIou(0.25f).limit(), name);
            assertEquals(rule.most().map(m -> 7), rule.withMost(7).most(), name);
            assertEquals(rule, rule.withIou(0.25f).withIou(0.5f).withMost(7).withMost(100), name);
        }
        assertEquals(new NonMaxSuppression.Soft(false, 0.5f, 0.1f, 9), NonMaxSuppression.named("soft-linear", 0.5f, 0.1f, 9));
        assertEquals(Optional.empty(), NonMaxSuppression.named("soft-gaussian", 0.5f, 0.1f, 9).limit());
        String message = assertThrows(IllegalArgumentException.class, () -> NonMaxSuppression.named("hard", 0.5f, 0, 9)).getMessage();
        assertTrue(message.startsWith("found suppression hard, wanted one of greedy, class-agnostic"), message);
        assertThrows(IllegalArgumentException.class, () -> new NonMaxSuppression.Soft(true, 0, 0, 9));
        assertThrows(IllegalArgumentException.class, () -> new NonMaxSuppression.Matrix(true, -1, 0, 9));
        assertThrows(IllegalArgumentException.class, () -> new NonMaxSuppression.MaxPool(0, 3, 9));
        assertThrows(IllegalArgumentException.class, () -> new NonMaxSuppression.MaxPool(4, 2, 9));
        assertThrows(IllegalArgumentException.class, () -> new NonMaxSuppression.Diou(2, 9));
    }
}
