package ocelli.vision.decode;

import java.util.List;

/** Checks that constructors of heads have in common. */
final class HeadChecks {
    private HeadChecks() {
    }

    /** At least one class and one level, strides positive. */
    static void classes(String name, int classes, List<Integer> strides) {
        if (classes < 1 || strides.isEmpty() || strides.stream().anyMatch(s -> s < 1)) {
            throw new IllegalArgumentException(name + " head with " + classes + " classes and strides " + strides
                    + ", wanted at least one class and one stride");
        }
    }

    /** As above, and as many pairs of anchors for every level. */
    static void anchors(String name, int classes, List<Integer> strides, List<Float> anchors) {
        classes(name, classes, strides);
        if (anchors.isEmpty() || anchors.size() % (2 * strides.size()) != 0) {
            throw new IllegalArgumentException(name + " head with " + anchors.size() + " anchor sides for the strides " + strides
                    + ", wanted pairs of width and height, as many for each stride");
        }
    }
}
