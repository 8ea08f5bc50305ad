package ocelli.vision.decode;

import java.util.List;
import java.util.Optional;

/**
 * What a user says about a head because the model file does not. Everything may be left out.
 *
 * @param strides    pixels from cell to cell, one for each level; empty for those of the family
 * @param anchors    width and height of each anchor in pixels, level by level; empty for those of the family
 * @param activation what has to be done to the scores; empty to see it from the graph
 * @param normalized whether boxes are in parts of the input's sides and not in pixels; empty for what is usual
 */
public record HeadOptions(List<Integer> strides, List<Float> anchors, Optional<ScoreActivation> activation,
                          Optional<Boolean> normalized) {
    /** Nothing said. */
    public static final HeadOptions NONE = new HeadOptions(List.of(), List.of(), Optional.empty(), Optional.empty());

    /** @throws IllegalArgumentException when a number is not positive, or anchors are not pairs that spread evenly over the levels */
    public HeadOptions {
        strides = List.copyOf(strides);
        anchors = List.copyOf(anchors);
        if (strides.stream().anyMatch(s -> s < 1) || anchors.stream().anyMatch(a -> !(a > 0) || Float.isInfinite(a))
                || anchors.size() % 2 != 0) {
            throw new IllegalArgumentException("strides " + strides + " and anchors " + anchors
                    + ", wanted positive numbers, anchors in pairs of width and height");
        }
    }

    List<Integer> strides(Integer... usual) {
        return strides.isEmpty() ? List.of(usual) : strides;
    }

    List<Float> anchors(List<Float> usual) {
        return anchors.isEmpty() ? usual : anchors;
    }
}
