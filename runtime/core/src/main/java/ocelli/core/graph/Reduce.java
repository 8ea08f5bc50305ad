package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Reduction over a set of axes, given from the front and sorted. Quantised tensors have a mean, a
 * sum, a minimum and a maximum; booleans the last two. */
public record Reduce(Kind kind, List<Integer> axes, boolean keepDims) implements Op {
    /** The reductions. */
    public enum Kind {
        MEAN("Mean"), SUM("Sum"), PRODUCT("Product"), MIN("ReduceMin"), MAX("ReduceMax"),
        /** Σ|x|. */
        L1("L1Norm"),
        /** √Σx². */
        L2("L2Norm"),
        /** log Σx. */
        LOG_SUM("LogSum"),
        /** log Σexp(x), without overflow. */
        LOG_SUM_EXP("LogSumExp"),
        /** Σx². */
        SUM_SQUARE("SumSquare");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    /** @throws IllegalArgumentException when the axes are empty, negative, unsorted or repeated */
    public Reduce {
        axes = List.copyOf(axes);
        Checks.axes("Reduce", axes);
    }

    @Override
    public String name() {
        return kind.label;
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        Checks.positive(this, "input", in.get(0));
        return List.of(reduced(in.get(0).shape(), axes, keepDims));
    }

    static Shape reduced(Shape x, List<Integer> axes, boolean keepDims) {
        x.axis(axes.getLast());
        int[] dims = new int[keepDims ? x.rank() : x.rank() - axes.size()];
        for (int i = 0, o = 0; i < x.rank(); i++) {
            boolean reduced = axes.contains(i);
            if (!reduced || keepDims) {
                dims[o++] = reduced ? 1 : x.dim(i);
            }
        }
        return Shape.of(dims);
    }
}
