package ocelli.vision.nms;

import ocelli.vision.decode.Candidates;

/**
 * A rule that thins out boxes of the same object. A value; {@link #bind} makes the worker with its scratch memory. All
 * rules deliver by falling score, and of equal scores the earlier candidate first, so that results never depend on the
 * order of threads or on a sorting algorithm.
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
            return new GreedySuppressor(capacity, 1, Integer.MAX_VALUE, false);
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
            return new GreedySuppressor(capacity, iou, maxDetections, false);
        }
    }

    /** As {@link Greedy}, but boxes drop each other whatever their class: one object, one label. */
    record ClassAgnostic(float iou, int maxDetections) implements NonMaxSuppression {
        public ClassAgnostic {
            check(iou, maxDetections);
        }

        @Override
        public Suppressor bind(int capacity) {
            return new GreedySuppressor(capacity, iou, maxDetections, true);
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
    }

    private static void check(float iou, int maxDetections) {
        if (!(iou >= 0 && iou <= 1) || maxDetections < 1) {
            throw new IllegalArgumentException("suppression with IoU " + iou + " and " + maxDetections
                    + " detections, wanted an IoU of 0…1 and at least 1");
        }
    }
}
