package ocelli.vision.decode;

/** What still has to be done to a score column to make it a probability. */
public enum ScoreActivation {
    /** The model's numbers are the scores. */
    NONE,
    /** Logistic function of the numbers, which are first limited to ±100 as MediaPipe does. */
    SIGMOID,
    /** The numbers are percent. */
    PERCENT,
    /** Softmax over all columns of a row. It needs them all, so that single numbers cannot be converted. */
    SOFTMAX;

    private static final float CLIP = 100;

    float apply(float value) {
        return switch (this) {
            case NONE -> value;
            case SIGMOID -> (float) (1 / (1 + Math.exp(-Math.clamp(value, -CLIP, CLIP))));
            case PERCENT -> value / 100;
            case SOFTMAX -> throw new IllegalStateException("a softmax needs all columns of a row");
        };
    }

    /** No number below this one reaches the threshold; a few above it may not either. */
    float lowerBound(float threshold) {
        // Far more than the rounding of a float probability, far less than any threshold in use.
        double slack = threshold - 1e-6;
        return switch (this) {
            case NONE -> threshold;
            case SIGMOID -> slack <= 0 ? Float.NEGATIVE_INFINITY : (float) Math.log(slack / Math.max(1 - slack, 1e-6));
            case PERCENT -> (float) (100 * slack);
            case SOFTMAX -> throw new IllegalStateException("a softmax needs all columns of a row");
        };
    }
}
