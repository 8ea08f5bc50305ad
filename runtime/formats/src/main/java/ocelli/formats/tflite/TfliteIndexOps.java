package ocelli.formats.tflite;

import java.util.Arrays;
import java.util.List;
import ocelli.core.graph.Expand;
import ocelli.core.graph.Gather;
import ocelli.core.graph.GatherNd;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.ScatterElements;
import ocelli.core.graph.ScatterNd;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;
import ocelli.formats.NotSupported;
import ocelli.formats.tflite.TfliteOps.Mapped;

/** Operators that take elements by computed indices or put them there. */
final class TfliteIndexOps {
    private TfliteIndexOps() {
    }

    static Mapped gather(OpContext c) {
        Shape x = c.inputShape(0);
        Shape indices = c.inputShape(1);
        int axis = x.axis(c.i32(0, 0));
        int batch = c.i32(1, 0) < 0 ? c.i32(1, 0) + indices.rank() : c.i32(1, 0);
        if (batch == 0) {
            return new Mapped(new Gather(axis), List.of(c.input(0), c.input(1)));
        }
        if (batch != axis) {
            throw new NotSupported("axis " + axis + " with " + batch + " batch dimensions, wanted the axis behind them");
        }
        // Tuples of one index each, whose batch dimensions are walked together with the data's.
        int[] tuples = Arrays.copyOf(indices.toArray(), indices.rank() + 1);
        tuples[indices.rank()] = 1;
        return new Mapped(new GatherNd(batch), List.of(c.input(0), c.add("tuples", new Reshape(Shape.of(tuples)), c.input(1))));
    }

    static Mapped gatherNd(OpContext c) {
        return new Mapped(new GatherNd(0), List.of(c.input(0), c.input(1)));
    }

    /** SCATTER_ND: updates that meet add up, on zeros. */
    static Mapped scatterNd(OpContext c) {
        Value updates = c.input(1);
        Value zero = TfliteConstantOps.zero(c, updates.type());
        Value zeros = c.add("zeros", new Expand(Shape.of(c.constants(2, "shape"))), zero);
        return new Mapped(new ScatterNd(ScatterElements.Reduction.ADD), List.of(zeros, c.input(0), updates));
    }
}
