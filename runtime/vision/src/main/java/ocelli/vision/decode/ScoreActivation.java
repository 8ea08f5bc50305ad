package ocelli.vision.decode;

/** What still has to be done to a score column to make it a probability. */
public enum ScoreActivation {
    /** The model's numbers are the scores. */
    NONE,
    /** Logistic function of the numbers, which are first limited to ±100 as MediaPipe does. */
    SIGMOID;

    private static final float CLIP = 100;

    float apply(float value) {
        return this == NONE ? value : (float) (1 / (1 + Math.exp(-Math.clamp(value, -CLIP, CLIP))));
    }

    /** No number below this one reaches the threshold; a few above it may not either. */
    float lowerBound(float threshold) {
        if (this == NONE) {
            return threshold;
        }
        // Far more than the rounding of a float probability, far less than any threshold in use.
        double slack = threshold - 1e-6;
        return slack <= 0 ? Float.NEGATIVE_INFINITY : (float) Math.log(slack / Math.max(1 - slack, 1e-6));
    }
}
