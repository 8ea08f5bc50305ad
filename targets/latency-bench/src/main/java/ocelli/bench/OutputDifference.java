package ocelli.bench;

import java.util.Locale;

/**
 * How far one output is from another runtime's.
 *
 * @param output   its name
 * @param measure  what it is compared by
 * @param worst    the largest difference of an element; for candidates the share that has no like
 * @param mean     the mean difference
 * @param accepted whether the two may count as the same answer
 */
record OutputDifference(String output, Measure measure, double worst, double mean, boolean accepted) {
    /** Units of differences. */
    enum Measure {
        /** Steps of a quantised output, or of the quantisation that a float output was dequantised from. */
        STEPS("steps"),
        /** Share of a float output's range. */
        RANGE("of the range"),
        /** Elements of an integer output that are not equal, as a share. */
        UNEQUAL("unequal"),
        /** Boxes picked from many candidates: the share without a like in the other's. */
        UNMATCHED("of the boxes without their like"),
        /** Different shapes, types or numbers of outputs. */
        FORM("other shape or type");

        private final String label;

        Measure(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    String text() {
        return measure == Measure.FORM ? output + ": " + measure.label()
                : String.format(Locale.ROOT, "%s: worst %.3g, mean %.3g %s", output, worst, mean, measure.label());
    }
}
