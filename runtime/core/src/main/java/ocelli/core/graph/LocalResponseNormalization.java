package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * x / (bias + alpha/size · Σx²)^beta, the sum over {@code size} neighbours along the last dimension: ⌊(size−1)/2⌋ before
 * the element and ⌈(size−1)/2⌉ after it (AlexNet).
 */
public record LocalResponseNormalization(int size, float alpha, float beta, float bias) implements Op {
    /** @throws IllegalArgumentException when the size is below 1 */
    public LocalResponseNormalization {
        if (size < 1) {
            throw new IllegalArgumentException("LocalResponseNormalization over " + size + " channels, wanted at least 1");
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        if (in.get(0).shape().rank() == 0) {
            throw new IllegalArgumentException("LocalResponseNormalization of a scalar, wanted rank 1 or more");
        }
        return List.of(in.get(0).shape());
    }
}
