package ocelli.vision.eval;

/**
 * An object that a detector claims to have found.
 *
 * @param photo    index into the photos of the {@link Dataset}
 * @param category index into its categories
 * @param score    confidence; only the order counts
 */
public record Found(int photo, int category, EvalBox box, double score) {
    /** @throws IllegalArgumentException when the score is not a number */
    public Found {
        if (Double.isNaN(score)) {
            throw new IllegalArgumentException("score NaN, wanted a number");
        }
    }
}
