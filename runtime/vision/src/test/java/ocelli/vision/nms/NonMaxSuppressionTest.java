package ocelli.vision.nms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import ocelli.vision.Allocation;
import ocelli.vision.decode.Candidates;
import org.junit.jupiter.api.Test;

class NonMaxSuppressionTest {

    record Box(double x1, double y1, double x2, double y2, double score, int cls, double px, double py) {
    }

    private static Candidates random(Random r, int n) {
        Candidates c = new Candidates(n, 1);
        for (int i = 0; i < n; i++) {
            float x = r.nextInt(60);
            float y = r.nextInt(60);
            // Few different scores, so that there are ties.
            int at = c.add(x, y, x + r.nextInt(40), y + r.nextInt(40), r.nextInt(12) / 12f, r.nextInt(3));
            c.setKeypoint(at, 0, x + 1, y - 2);
        }
        return c;
    }

    private static Box box(Candidates c, int i) {
        return new Box(c.x1(i), c.y1(i), c.x2(i), c.y2(i), c.score(i), c.classIndex(i), c.keypointX(i, 0), c.keypointY(i, 0));
    }

    private static List<Box> sorted(Candidates c) {
        return IntStream.range(0, c.size()).boxed().sorted(Comparator.comparingDouble((Integer i) -> -c.score(i)).thenComparingInt(i -> i))
                .map(i -> box(c, i)).toList();
    }

    private static double iou(Box a, Box b) {
        double w = Math.max(0, Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1));
        double h = Math.max(0, Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1));
        double union = (a.x2 - a.x1) * (a.y2 - a.y1) + (b.x2 - b.x1) * (b.y2 - b.y1) - w * h;
        return union > 0 ? w * h / union : 0;
    }

    private static List<Box> greedy(List<Box> sorted, double limit, boolean agnostic) {
        List<Box> kept = new ArrayList<>();
        for (Box b : sorted) {
            if (kept.stream().noneMatch(k -> (agnostic || k.cls == b.cls) && iou(k, b) > limit)) {
                kept.add(b);
            }
        }
        return kept;
    }

    private static List<Box> weighted(List<Box> sorted, double limit) {
        List<Box> left = new ArrayList<>(sorted);
        List<Box> out = new ArrayList<>();
        while (!left.isEmpty()) {
            Box best = left.get(0);
            List<Box> same = new ArrayList<>(left.stream().filter(b -> iou(b, best) > limit).toList());
            if (!same.contains(best)) {
                same.add(0, best);
            }
            left.removeIf(b -> b == best || iou(b, best) > limit);
            double total = same.stream().mapToDouble(Box::score).sum();
            out.add(total == 0 ? best : new Box(mean(same, total, 0), mean(same, total, 1),
                    mean(same, total, 2), mean(same, total, 3), best.score, best.cls, mean(same, total, 4), mean(same, total, 5)));
        }
        return out;
    }

    private static double mean(List<Box> boxes, double total, int field) {
        return boxes.stream().mapToDouble(b -> b.score * new double[] {b.x1, b.y1, b.x2, b.y2, b.px, b.py}[field]).sum() / total;
    }

    private static void check(List<Box> wanted, Candidates found, int max) {
        assertEquals(Math.min(max, wanted.size()), found.size());
        for (int i = 0; i < found.size(); i++) {
            Box w = wanted.get(i);
            Box f = box(found, i);
            assertEquals(w.x1, f.x1, 1e-3);
            assertEquals(w.y1, f.y1, 1e-3);
            assertEquals(w.x2, f.x2, 1e-3);
            assertEquals(w.y2, f.y2, 1e-3);
            assertEquals(w.px, f.px, 1e-3);
            assertEquals(w.py, f.py, 1e-3);
            assertEquals(w.score, f.score, 0);
            assertEquals(w.cls, f.cls);
        }
    }

    @Test
    void rulesAgreeWithPlainOnes() {
        Random r = new Random(17);
        for (int round = 0; round < 400; round++) {
            Candidates in = random(r, r.nextInt(60));
            // No quotient of small whole numbers comes close to this, so float and double decide alike.
            float limit = 0.31234f + 0.1f * r.nextInt(4);
            int max = 1 + r.nextInt(30);
            Candidates out = new Candidates(60, 1);
            new NonMaxSuppression.Greedy(limit, max).bind(60).suppress(in, out);
            check(greedy(sorted(in), limit, false), out, max);
            out.clear();
            new NonMaxSuppression.ClassAgnostic(limit, max).bind(60).suppress(in, out);
            check(greedy(sorted(in), limit, true), out, max);
            out.clear();
            new NonMaxSuppression.Weighted(limit, max).bind(60).suppress(in, out);
            check(weighted(sorted(in), limit), out, max);
            out.clear();
            new NonMaxSuppression.None().bind(60).suppress(in, out);
            check(sorted(in), out, 60);
        }
    }

    @Test
    void handMadeCases() {
        Candidates in = new Candidates(4, 0);
        in.add(0, 0, 10, 10, 0.5f, 1);
        in.add(0, 0, 10, 9, 0.5f, 1);
        in.add(0, 0, 10, 10, 0.9f, 2);
        in.add(50, 50, 60, 60, 0.1f, 1);
        Candidates out = new Candidates(4, 0);
        new NonMaxSuppression.Greedy(0.5f, 10).bind(4).suppress(in, out);
        assertEquals(3, out.size());
        assertEquals(2, out.classIndex(0));
        assertEquals(10, out.y2(1), "of equal scores the first stays");
        out.clear();
        new NonMaxSuppression.ClassAgnostic(0.5f, 10).bind(4).suppress(in, out);
        assertEquals(2, out.size());
        out.clear();
        new NonMaxSuppression.Weighted(0.5f, 10).bind(4).suppress(in, out);
        assertEquals(2, out.size());
        assertEquals((0.5 * 10 + 0.5 * 9 + 0.9 * 10) / 1.9, out.y2(0), 1e-5);
        assertEquals(0.9f, out.score(0));
    }

    @Test
    void rankingSortsEverything() {
        Random r = new Random(5);
        Candidates c = new Candidates(3000, 0);
        for (int i = 0; i < 3000; i++) {
            c.add(0, 0, 1, 1, i % 7 == 0 ? -0f : r.nextFloat() - 0.3f, 0);
        }
        Ranking ranking = new Ranking(3000);
        ranking.rank(c);
        List<Integer> wanted = IntStream.range(0, 3000).boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -(c.score(i) + 0.0)).thenComparingInt(i -> i)).toList();
        assertEquals(wanted, IntStream.range(0, 3000).map(ranking::at).boxed().toList());
    }

    @Test
    void nothingIsAllocated() {
        Candidates in = random(new Random(1), 500);
        Candidates out = new Candidates(500, 1);
        for (NonMaxSuppression rule : List.of(new NonMaxSuppression.Greedy(0.5f, 100), new NonMaxSuppression.ClassAgnostic(0.5f, 100),
                new NonMaxSuppression.Weighted(0.3f, 100), new NonMaxSuppression.None())) {
            NonMaxSuppression.Suppressor worker = rule.bind(500);
            assertEquals(0, Allocation.bytes(() -> {
                out.clear();
                worker.suppress(in, out);
            }), rule.toString());
            assertTrue(out.size() > 0);
        }
    }

    @Test
    void badParameters() {
        assertThrows(IllegalArgumentException.class, () -> new NonMaxSuppression.Greedy(1.5f, 10));
        assertThrows(IllegalArgumentException.class, () -> new NonMaxSuppression.Weighted(Float.NaN, 10));
        assertThrows(IllegalArgumentException.class, () -> new NonMaxSuppression.ClassAgnostic(0.5f, 0));
    }
}
