package ocelli.core.graph;

import java.util.List;
import java.util.stream.Collectors;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Cuts a tensor along {@code axis} into pieces of the given sizes. */
public record Split(int axis, List<Integer> sizes) implements Op {
    /** @throws IllegalArgumentException when there is no piece or one of negative size */
    public Split {
        sizes = List.copyOf(sizes);
        if (sizes.isEmpty() || sizes.stream().anyMatch(s -> s < 0)) {
            throw new IllegalArgumentException("Split into sizes " + sizes + ", wanted at least one, each ≥ 0");
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        Shape x = in.get(0).shape();
        int a = x.axis(axis);
        Checks.equal(this, "sum of the sizes", sizes.stream().mapToLong(Integer::longValue).sum(), x.dim(a));
        return sizes.stream().map(s -> {
            int[] dims = x.toArray();
            dims[a] = s;
            return Shape.of(dims);
        }).collect(Collectors.toUnmodifiableList());
    }
}
