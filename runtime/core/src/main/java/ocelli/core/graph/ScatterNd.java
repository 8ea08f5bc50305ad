package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Writes slices into a copy of the data by tuples of indices. Inputs: data, int32 or int64 indices whose last dimension holds
 * the tuples, updates. Negative indices count from the end, one outside is clamped; a later update wins.
 */
public record ScatterNd(ScatterElements.Reduction reduction) implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 3, 3);
        Checks.indices(this, in.get(1));
        Checks.sameType(this, in.get(0), in.get(2));
        Shape wanted = new GatherNd(0).outputShapes(in.subList(0, 2)).getFirst();
        if (!wanted.equals(in.get(2).shape())) {
            throw new IllegalArgumentException("ScatterNd: updates " + in.get(2).shape() + ", wanted " + wanted);
        }
        return List.of(in.get(0).shape());
    }
}
