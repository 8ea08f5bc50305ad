package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Takes {@code size[d]} elements of each dimension, from {@code begin[d]} in steps of {@code step[d]} (which may be negative). */
public record Slice(List<Integer> begin, List<Integer> size, List<Integer> step) implements Op {
    /** @throws IllegalArgumentException when the lists differ in length, or a size is negative, or a step is 0 */
    public Slice {
        begin = List.copyOf(begin);
        size = List.copyOf(size);
        step = List.copyOf(step);
        if (begin.size() != size.size() || begin.size() != step.size() || size.stream().anyMatch(s -> s < 0) || step.contains(0)) {
            throw new IllegalArgumentException("Slice begin " + begin + " size " + size + " step " + step
                    + ", wanted equally long lists, sizes ≥ 0 and steps that are not 0");
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        Checks.rank(this, "input", in.get(0), begin.size());
        for (int d = 0; d < begin.size(); d++) {
            int dim = in.get(0).shape().dim(d);
            long last = begin.get(d) + (size.get(d) - 1L) * step.get(d);
            if (size.get(d) > 0 && (begin.get(d) < 0 || begin.get(d) >= dim || last < 0 || last >= dim)) {
                throw new IllegalArgumentException("Slice begin " + begin + " size " + size + " step " + step
                        + " leaves shape " + in.get(0).shape());
            }
        }
        return List.of(Shape.of(size.stream().mapToInt(Integer::intValue).toArray()));
    }
}
