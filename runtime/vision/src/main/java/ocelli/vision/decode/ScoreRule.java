package ocelli.vision.decode;

/** How objectness and class score make the score of a box. Both are 0…1. */
enum ScoreRule {
    /** The class score alone; there is no objectness. */
    CLASS(0, 1),
    /** Their product, as the YOLO family has it. */
    PRODUCT(1, 1),
    /** The geometric mean, as YuNet has it. */
    ROOT(0.5, 0.5),
    /** {@code objectness^0.6 · class^0.4}, as FastestDet has it. */
    FASTEST(0.6, 0.4);

    /** Rounding of a float score is far below this. */
    private static final double SLACK = 1e-6;

    private final double objectness;
    private final double classes;

    ScoreRule(double objectness, double classes) {
        this.objectness = objectness;
        this.classes = classes;
    }

    float combine(float certainty, float cls) {
        return switch (this) {
            case CLASS -> cls;
            case PRODUCT -> certainty * cls;
            case ROOT -> (float) Math.sqrt((double) certainty * cls);
            case FASTEST -> (float) (Math.pow(certainty, objectness) * Math.pow(cls, classes));
        };
    }

    /** Below this objectness no class score, which is 1 at most, can save a box. */
    float objectnessBound(float threshold) {
        return objectness == 0 ? 0 : bound(threshold, objectness);
    }

    /** Below this class score no objectness can. */
    float classBound(float threshold) {
        return bound(threshold, classes);
    }

    private static float bound(float threshold, double exponent) {
        return exponent == 1 ? threshold : (float) Math.max(0, Math.pow(threshold, 1 / exponent) - SLACK);
    }
}
