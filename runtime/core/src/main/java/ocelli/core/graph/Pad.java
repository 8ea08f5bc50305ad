package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Adds elements before and after each dimension.
 *
 * @param before elements added in front, per dimension
 * @param after  elements added behind, per dimension
 * @param value  what is added, a real number (0 becomes the zero point of a quantised tensor)
 */
public record Pad(List<Integer> before, List<Integer> after, float value) implements Op {
    /** @throws IllegalArgumentException for negative amounts or lists of different length */
    public Pad {
        before = List.copyOf(before);
        after = List.copyOf(after);
        if (before.size() != after.size() || before.stream().anyMatch(p -> p < 0) || after.stream().anyMatch(p -> p < 0)) {
            throw new IllegalArgumentException("Pad before " + before + " after " + after + ", wanted two equally long lists of numbers ≥ 0");
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        Checks.rank(this, "input", in.get(0), before.size());
        int[] dims = in.get(0).shape().toArray();
        for (int i = 0; i < dims.length; i++) {
            dims[i] = Checks.dimension(this, (long) dims[i] + before.get(i) + after.get(i));
        }
        return List.of(Shape.of(dims));
    }
}
