package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Repeats the tensor {@code multiples[d]} times along each dimension. */
public record Tile(List<Integer> multiples) implements Op {
    /** @throws IllegalArgumentException when a multiple is negative */
    public Tile {
        multiples = List.copyOf(multiples);
        if (multiples.stream().anyMatch(m -> m < 0)) {
            throw new IllegalArgumentException("Tile by " + multiples + ", wanted numbers ≥ 0");
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        Checks.rank(this, "input", in.get(0), multiples.size());
        int[] dims = in.get(0).shape().toArray();
        for (int i = 0; i < dims.length; i++) {
            dims[i] = Checks.dimension(this, (long) dims[i] * multiples.get(i));
        }
        return List.of(Shape.of(dims));
    }
}
