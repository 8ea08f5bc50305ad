package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Reduction over a set of axes, given from the front and sorted. */
public record Reduce(Kind kind, List<Integer> axes, boolean keepDims) implements Op {
    /** The reductions. */
    public enum Kind { MEAN }

    /** @throws IllegalArgumentException when the axes are empty, negative, unsorted or repeated */
    public Reduce {
        axes = List.copyOf(axes);
        for (int i = 0; i < axes.size(); i++) {
            if (axes.get(i) < 0 || i > 0 && axes.get(i) <= axes.get(i - 1)) {
                throw new IllegalArgumentException("Reduce over axes " + axes + ", wanted them from the front, sorted and distinct");
            }
        }
        if (axes.isEmpty()) {
            throw new IllegalArgumentException("Reduce over no axis, wanted at least one");
        }
    }

    @Override
    public String name() {
        return "Mean";
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        Checks.positive(this, "input", in.get(0));
        Shape x = in.get(0).shape();
        x.axis(axes.getLast());
        int[] dims = new int[keepDims ? x.rank() : x.rank() - axes.size()];
        for (int i = 0, o = 0; i < x.rank(); i++) {
            boolean reduced = axes.contains(i);
            if (!reduced || keepDims) {
                dims[o++] = reduced ? 1 : x.dim(i);
            }
        }
        return List.of(Shape.of(dims));
    }
}
