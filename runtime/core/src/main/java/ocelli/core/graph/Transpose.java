package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Output dimension i is input dimension {@code perm[i]}. */
public record Transpose(List<Integer> perm) implements Op {
    /** @throws IllegalArgumentException when the list is not a permutation of 0 … n−1 */
    public Transpose {
        perm = List.copyOf(perm);
        for (int i = 0; i < perm.size(); i++) {
            if (!perm.contains(i)) {
                throw new IllegalArgumentException("Transpose by " + perm + ", which is not a permutation");
            }
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        Checks.rank(this, "input", in.get(0), perm.size());
        return List.of(Shape.of(perm.stream().mapToInt(p -> in.get(0).shape().dim(p)).toArray()));
    }
}
