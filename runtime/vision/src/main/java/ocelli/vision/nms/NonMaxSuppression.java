package ocelli.vision.nms;

import java.util.List;
import java.util.Optional;
import ocelli.vision.decode.Candidates;

/**
 * A rule that thins out boxes of the same object. A value; {@link #bind} makes the worker with its scratch memory. All
 * rules deliver by falling score, and of equal scores the earlier candidate first, so that results never depend on the
 * order of threads or on a sorting algorithm. Where a rule has a limit, boxes whose overlap is above it are dropped.
 */
public sealed interface NonMaxSuppression {

    /** Worker for up to {@code capacity} candidates. */
    Suppressor bind(int capacity);

    /** The work of one rule. Keeps scratch memory and allocates nothing; one thread at a time. */
    interface Suppressor {
        /**
         * Appends the survivors of {@code in} to {@code out}.
         *
         * @param in  at most as many candidates as the worker was bound for; unchanged
         * @param out of the same number of keypoints and enough capacity
         */
        void suppress(Candidates in, Candidates out);
    }

    /** Keeps everything, for heads that have done it themselves; still sorts. */
    record None() implements NonMaxSuppression {
        @Override
        public Suppressor bind(int capacity) {
            return new GreedySuppressor(capacity, 1, Integer.MAX_VALUE, false, false);
        }
    }

    /**
     * Takes the best box, drops those of the same class that overlap it, and so on.
     *
     * @param iou           boxes whose intersection over union with a kept one is above this are dropped
     * @param maxDetections most boxes kept, over all classes
     */
    record Greedy(float iou, int maxDetections) implements NonMaxSuppression {
        public Greedy {
            check(iou, maxDetections);
        }

        @Override
        public Suppressor bind(int capacity) {
            return new GreedySuppressor(capacity, iou, maxDetections, false, false);
        }

        @Override
        public NonMaxSuppression withIou(float limit) {
            return new Greedy(limit, maxDetections);
        }

        @Override
        public Optional<Float> limit() {
            return Optional.of(iou);
        }

        @Override
        public NonMaxSuppression withMost(int most) {
            return new Greedy(iou, most);
        }

        @Override
        public Optional<Integer> most() {
            return Optional.of(maxDetections);
        }
    }

    /** As {@link Greedy}, but boxes drop each other whatever their class: one object, one label. */
    record ClassAgnostic(float iou, int maxDetections) implements NonMaxSuppression {
        public ClassAgnostic {
            check(iou, maxDetections);
        }

        @Override
        public Suppressor bind(int capacity) {
            return new GreedySuppressor(capacity, iou, maxDetections, true, false);
        }

        @Override
        public NonMaxSuppression withIou(float limit) {
            return new ClassAgnostic(limit, maxDetections);
        }

        @Override
        public Optional<Float> limit() {
            return Optional.of(iou);
        }

        @Override
        public NonMaxSuppression withMost(int most) {
            return new ClassAgnostic(iou, most);
        }

        @Override
        public Optional<Integer> most() {
            return Optional.of(maxDetections);
        }
    }

    /**
     * As {@link Greedy}, but what counts is the intersection over union less the squared distance of the centres, measured in
     * the diagonal of the box around both: boxes that overlap with centres far apart are two objects.
     *
     * @see <a href="https://arxiv.org/abs/1911.08287">Distance-IoU Loss, section 4.3</a>
     */
    record Diou(float iou, int maxDetections) implements NonMaxSuppression {
        public Diou {
            check(iou, maxDetections);
        }

        @Override
        public Suppressor bind(int capacity) {
            return new GreedySuppressor(capacity, iou, maxDetections, false, true);
        }

        @Override
        public NonMaxSuppression withIou(float limit) {
            return new Diou(limit, maxDetections);
        }

        @Override
        public Optional<Float> limit() {
            return Optional.of(iou);
        }

        @Override
        public NonMaxSuppression withMost(int most) {
            return new Diou(iou, most);
        }

        @Override
        public Optional<Integer> most() {
            return Optional.of(maxDetections);
        }
    }

    /**
     * Lowers the scores of boxes that overlap a better one of their class, and drops those that fall below the smallest score:
     * by {@code 1 − iou} where the IoU is above the parameter, or, with a Gaussian, by {@code exp(−iou² / parameter)}.
     *
     * @param gaussian  the second form
     * @param parameter limit of the IoU, or the Gaussian's width σ
     * @param minScore  smallest score of a kept box
     * @see <a href="https://arxiv.org/abs/1704.04503">Soft-NMS: Improving Object Detection With One Line of Code</a>
     */
    record Soft(boolean gaussian, float parameter, float minScore, int maxDetections) implements NonMaxSuppression {
        public Soft {
            check(gaussian ? 0 : parameter, maxDetections);
            if (!(parameter >= 0) || gaussian && !(parameter > 0)) {
                throw new IllegalArgumentException("Soft-NMS with parameter " + parameter + ", wanted a Gaussian's width above 0");
            }
        }

        @Override
        public Suppressor bind(int capacity) {
            return new SoftSuppressor(capacity, this);
        }

        @Override
        public NonMaxSuppression withIou(float limit) {
            return gaussian ? this : new Soft(false, limit, minScore, maxDetections);
        }

        @Override
        public Optional<Float> limit() {
            return gaussian ? Optional.empty() : Optional.of(parameter);
        }

        @Override
        public NonMaxSuppression withMost(int most) {
            return new Soft(gaussian, parameter, minScore, most);
        }

        @Override
        public Optional<Integer> most() {
            return Optional.of(maxDetections);
        }
    }

    /**
     * Lowers all scores in one go: box j by the smallest over better boxes i of its class of {@code f(iou(i,j)) / f(cover(i))},
     * where {@code cover(i)} is the largest IoU of i with a better one than itself, and f is {@code 1 − x}, or
     * {@code exp(−σ·x²)} with a Gaussian.
     *
     * @param sigma    of the Gaussian
     * @param minScore smallest score of a kept box
     * @see <a href="https://arxiv.org/abs/2003.10152">SOLOv2, section 3.3</a>
     */
    record Matrix(boolean gaussian, float sigma, float minScore, int maxDetections) implements NonMaxSuppression {
        public Matrix {
            check(0, maxDetections);
            if (!(sigma > 0)) {
                throw new IllegalArgumentException("Matrix-NMS with sigma " + sigma + ", wanted above 0");
            }
        }

        @Override
        public Suppressor bind(int capacity) {
            return new MatrixSuppressor(capacity, this);
        }

        @Override
        public NonMaxSuppression withMost(int most) {
            return new Matrix(gaussian, sigma, minScore, most);
        }

        @Override
        public Optional<Integer> most() {
            return Optional.of(maxDetections);
        }
    }

    /**
     * Drops each box that overlaps any better one of its class, even one that is dropped itself.
     *
     * @see <a href="https://arxiv.org/abs/1904.02689">YOLACT, section 3.5</a>
     */
    record Fast(float iou, int maxDetections) implements NonMaxSuppression {
        public Fast {
            check(iou, maxDetections);
        }

        @Override
        public Suppressor bind(int capacity) {
            return new FastSuppressor(capacity, iou, maxDetections);
        }

        @Override
        public NonMaxSuppression withIou(float limit) {
            return new Fast(limit, maxDetections);
        }

        @Override
        public Optional<Float> limit() {
            return Optional.of(iou);
        }

        @Override
        public NonMaxSuppression withMost(int most) {
            return new Fast(iou, most);
        }

        @Override
        public Optional<Integer> most() {
            return Optional.of(maxDetections);
        }
    }

    /**
     * As {@link ClassAgnostic}, but the box and points that stay are the mean of all that overlapped, weighted by their
     * scores; the score and class are those of the best. Steadies boxes from frame to frame.
     *
     * @see <a href="https://arxiv.org/abs/1907.05047">BlazeFace, section 3.4</a>
     */
    record Weighted(float iou, int maxDetections) implements NonMaxSuppression {
        public Weighted {
            check(iou, maxDetections);
        }

        @Override
        public Suppressor bind(int capacity) {
            return new WeightedSuppressor(capacity, iou, maxDetections);
        }

        @Override
        public NonMaxSuppression withIou(float limit) {
            return new Weighted(limit, maxDetections);
        }

        @Override
        public Optional<Float> limit() {
            return Optional.of(iou);
        }

        @Override
        public NonMaxSuppression withMost(int most) {
            return new Weighted(iou, most);
        }

        @Override
        public Optional<Integer> most() {
            return Optional.of(maxDetections);
        }
    }

    /**
     * Puts the scores of each class on a grid by the centres of their boxes, and keeps the boxes that are the best of the
     * square of cells around theirs, as a maximum pooling of the grid would find. No overlaps are computed.
     *
     * @param cell   side of a cell in pixels of the model's input
     * @param kernel cells of the side of the square, odd
     * @see <a href="https://arxiv.org/abs/1904.07850">Objects as Points, section 4</a>
     * @see <a href="https://doi.org/10.1109/CVPR.2019.00959">MaxpoolNMS</a>
     */
    record MaxPool(float cell, int kernel, int maxDetections) implements NonMaxSuppression {
        public MaxPool {
            check(0, maxDetections);
            if (!(cell > 0) || kernel < 1 || kernel % 2 == 0 || kernel > 31) {
                throw new IllegalArgumentException("max-pool suppression with cells of " + cell + " and kernel " + kernel
                        + ", wanted above 0 and an odd number of 1…31");
            }
        }

        @Override
        public Suppressor bind(int capacity) {
            return new MaxPoolSuppressor(capacity, this);
        }

        @Override
        public NonMaxSuppression withMost(int most) {
            return new MaxPool(cell, kernel, most);
        }

        @Override
        public Optional<Integer> most() {
            return Optional.of(maxDetections);
        }
    }

    /** The names of all rules, for {@link #named}. */
    List<String> NAMES = List.of("greedy", "class-agnostic", "diou", "soft-linear", "soft-gaussian", "matrix", "matrix-gaussian", "fast",
            "weighted", "max-pool", "none");

    /**
     * The rule of a name with its usual parameters.
     *
     * @param iou           limit of the rules that have one; soft-linear takes it too, the others pass it over
     * @param minScore      smallest score of a kept box, for rules that lower scores
     * @param maxDetections most boxes kept
     * @throws IllegalArgumentException when there is no rule of this name, or a number is out of range
     */
    static NonMaxSuppression named(String name, float iou, float minScore, int maxDetections) {
        return switch (name) {
            case "greedy" -> new Greedy(iou, maxDetections);
            case "class-agnostic" -> new ClassAgnostic(iou, maxDetections);
            case "diou" -> new Diou(iou, maxDetections);
            case "soft-linear" -> new Soft(false, iou, minScore, maxDetections);
            case "soft-gaussian" -> new Soft(true, 0.5f, minScore, maxDetections);
            case "matrix" -> new Matrix(false, 2, minScore, maxDetections);
            case "matrix-gaussian" -> new Matrix(true, 2, minScore, maxDetections);
            case "fast" -> new Fast(iou, maxDetections);
            case "weighted" -> new Weighted(iou, maxDetections);
            case "max-pool" -> new MaxPool(16, 3, maxDetections);
            case "none" -> new None();
            default -> throw new IllegalArgumentException("found suppression " + name + ", wanted one of " + String.join(", ", NAMES));
        };
    }

    /**
     * This rule with another limit of the overlap; rules without one stay as they are.
     *
     * @throws IllegalArgumentException when the limit is not in 0…1
     */
    default NonMaxSuppression withIou(float iou) {
        return this;
    }

    /** The limit of the overlap, for rules that have one. */
    default Optional<Float> limit() {
        return Optional.empty();
    }

    /**
     * This rule with another bound on the boxes kept; a rule without stays as it is.
     *
     * @throws IllegalArgumentException when the bound is below 1
     */
    default NonMaxSuppression withMost(int maxDetections) {
        return this;
    }

    /** Most boxes kept, for rules that have a bound. */
    default Optional<Integer> most() {
        return Optional.empty();
    }

    private static void check(float iou, int maxDetections) {
        if (!(iou >= 0 && iou <= 1) || maxDetections < 1) {
            throw new IllegalArgumentException("suppression with IoU " + iou + " and " + maxDetections
                    + " detections, wanted an IoU of 0…1 and at least 1");
        }
    }
}
