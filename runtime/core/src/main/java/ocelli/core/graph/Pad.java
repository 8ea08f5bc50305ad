package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Adds elements before and after each dimension.
 *
 * @param before elements added in front, per dimension
 * @param after  elements added behind, per dimension
 * @param value  what a CONSTANT padding adds, a real number (0 becomes the zero point of a quantised tensor)
 * @param mode   where the added elements come from
 */
public record Pad(List<Integer> before, List<Integer> after, float value, Mode mode) implements Op {
    /** Where added elements come from: a constant, the border element, or the input mirrored at its border element. */
    public enum Mode { CONSTANT, EDGE, REFLECT }

    /** @throws IllegalArgumentException for negative amounts or lists of different length */
    public Pad {
        before = List.copyOf(before);
        after = List.copyOf(after);
        if (before.size() != after.size() || before.stream().anyMatch(p -> p < 0) || after.stream().anyMatch(p -> p < 0)) {
            throw new IllegalArgumentException("Pad before " + before + " after " + after + ", wanted two equally long lists of numbers ≥ 0");
        }
    }

    /** A constant padding. */
    public Pad(List<Integer> before, List<Integer> after, float value) {
        this(before, after, value, Mode.CONSTANT);
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        Checks.rank(this, "input", in.get(0), before.size());
        int[] dims = in.get(0).shape().toArray();
        for (int i = 0; i < dims.length; i++) {
            int most = Math.max(before.get(i), after.get(i));
            if (mode == Mode.REFLECT && most >= dims[i] && most > 0 || mode == Mode.EDGE && dims[i] == 0 && most > 0) {
                throw new IllegalArgumentException("Pad " + mode + " by " + most + " of dimension " + i + " of " + in.get(0).shape());
            }
            dims[i] = Checks.dimension(this, (long) dims[i] + before.get(i) + after.get(i));
        }
        return List.of(Shape.of(dims));
    }
}
