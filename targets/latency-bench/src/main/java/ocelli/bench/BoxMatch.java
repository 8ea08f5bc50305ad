package ocelli.bench;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import ocelli.bench.OutputDifference.Measure;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * Compares boxes that a network picks and sorts itself. The {@value #BEST} best of each side must have their like among all of the
 * other's: the same class, an overlap of {@value #OVERLAP} or more and scores that differ by less than {@value #SCORE}; one in ten
 * may have none.
 */
final class BoxMatch {
    static final int BEST = 10;
    static final double OVERLAP = 0.9;
    static final double SCORE = 0.05;
    static final double UNMATCHED_LIMIT = 0.1;

    private final Tensor boxes;
    private final Tensor classes;
    private final Tensor scores;

    private BoxMatch(Tensor boxes, Tensor classes, Tensor scores) {
        this.boxes = boxes;
        this.classes = classes;
        this.scores = scores;
    }

    /** The difference as one line, or nothing when these outputs are not boxes, classes and scores. */
    static Optional<OutputDifference> compare(List<Tensor> found, List<Tensor> other) {
        Optional<BoxMatch> a = of(found);
        Optional<BoxMatch> b = of(other);
        if (a.isEmpty() || b.isEmpty()) {
            return Optional.empty();
        }
        double there = a.get().unmatched(b.get());
        double back = b.get().unmatched(a.get());
        double worst = Math.max(there, back);
        return Optional.of(new OutputDifference("boxes", Measure.UNMATCHED, worst, (there + back) / 2, worst <= UNMATCHED_LIMIT));
    }

    /** Boxes have four numbers each; of the two others that are as many, the integers, or else the first, are the classes. */
    private static Optional<BoxMatch> of(List<Tensor> outputs) {
        Tensor boxes = outputs.stream().filter(t -> t.type().dtype() == DType.FLOAT32 && t.type().shape().rank() >= 2
                && last(t.type().shape()) == 4).findFirst().orElse(null);
        if (boxes == null) {
            return Optional.empty();
        }
        int n = boxes.type().shape().elements() / 4;
        List<Tensor> rest = outputs.stream().filter(t -> t != boxes && t.type().shape().elements() == n).toList();
        if (rest.size() != 2 || !rest.get(1).type().dtype().isFloat()) {
            return Optional.empty();
        }
        return Optional.of(new BoxMatch(boxes, rest.get(0), rest.get(1)));
    }

    private static int last(Shape s) {
        return s.dim(s.rank() - 1);
    }

    private int count() {
        return scores.type().shape().elements();
    }

    /** Share of the best boxes without their like in the other's. */
    private double unmatched(BoxMatch other) {
        List<Integer> best = IntStream.range(0, count()).boxed()
                .sorted((i, j) -> Double.compare(scores.get(j), scores.get(i))).limit(BEST).toList();
        long without = best.stream().filter(i -> IntStream.range(0, other.count()).noneMatch(j -> alike(i, other, j))).count();
        return best.isEmpty() ? 0 : (double) without / best.size();
    }

    private boolean alike(int i, BoxMatch other, int j) {
        return classes.get(i) == other.classes.get(j) && Math.abs(scores.get(i) - other.scores.get(j)) < SCORE
                && overlap(i, other, j) >= OVERLAP;
    }

    private double overlap(int i, BoxMatch other, int j) {
        double both = 1;
        double one = 1;
        double two = 1;
        for (int axis = 0; axis < 2; axis++) {
            double low = boxes.get(4L * i + axis);
            double high = boxes.get(4L * i + axis + 2);
            double otherLow = other.boxes.get(4L * j + axis);
            double otherHigh = other.boxes.get(4L * j + axis + 2);
            both *= Math.max(0, Math.min(high, otherHigh) - Math.max(low, otherLow));
            one *= Math.max(0, high - low);
            two *= Math.max(0, otherHigh - otherLow);
        }
        double union = one + two - both;
        return union > 0 ? both / union : 1;
    }
}
