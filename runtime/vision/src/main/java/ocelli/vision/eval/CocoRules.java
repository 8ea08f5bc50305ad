package ocelli.vision.eval;

/**
 * The numbers of COCO's detection challenge.
 *
 * @see "T.-Y. Lin et al., Microsoft COCO: Common Objects in Context, ECCV 2014; https://cocodataset.org/#detection-eval"
 */
final class CocoRules {
    /** Overlaps 0.50, 0.55 … 0.95. */
    static final double[] OVERLAPS = steps(0.5, 0.95, 10);
    /** Recalls 0, 0.01 … 1. */
    static final double[] RECALLS = steps(0, 1, 101);
    /** Detections of a category that count in a photo. */
    static final int[] MOST = {1, 10, 100};

    private CocoRules() {
    }

    /** Sizes of objects in square pixels, both ends included. */
    enum Size {
        ALL(0, 1e10), SMALL(0, 32 * 32), MEDIUM(32 * 32, 96 * 96), LARGE(96 * 96, 1e10);

        private final double from;
        private final double to;

        Size(double from, double to) {
            this.from = from;
            this.to = to;
        }

        boolean has(double area) {
            return area >= from && area <= to;
        }
    }

    /** Evenly spaced numbers, rounded as NumPy's {@code linspace} rounds them: a recall of exactly 0.07 is below its own step. */
    private static double[] steps(double first, double last, int count) {
        double[] v = new double[count];
        double step = (last - first) / (count - 1);
        for (int i = 0; i < count; i++) {
            v[i] = i * step + first;
        }
        v[count - 1] = last;
        return v;
    }
}
