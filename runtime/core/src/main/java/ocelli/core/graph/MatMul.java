package ocelli.core.graph;

import java.util.Arrays;
import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Product of two tensors' last two dimensions, [..,M,K]·[..,K,N]; the dimensions before them broadcast. Both have rank 2 or
 * more. Floats, 32- and 64-bit integers that wrap around, or 8-bit quantised per tensor, the second operand also per column.
 */
public record MatMul() implements Op {
    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 2, 2);
        return List.of(productShape(this, in.get(0), in.get(1)));
    }

    static Shape productShape(Op op, TensorType a, TensorType b) {
        if (a.shape().rank() < 2 || b.shape().rank() < 2) {
            throw new IllegalArgumentException(op.name() + " of " + a + " and " + b + ", wanted rank 2 or more");
        }
        Checks.equal(op, "rows of the second operand", b.shape().dim(-2), a.shape().dim(-1));
        int[] batchA = a.shape().toArray();
        int[] batchB = b.shape().toArray();
        Shape batch = Shape.broadcast(Shape.of(Arrays.copyOf(batchA, batchA.length - 2)), Shape.of(Arrays.copyOf(batchB, batchB.length - 2)));
        int[] dims = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
        dims[dims.length - 2] = a.shape().dim(-2);
        dims[dims.length - 1] = b.shape().dim(-1);
        return Shape.of(dims);
    }

    @Override
    public long macs(List<TensorType> in, List<TensorType> out) {
        return (long) out.get(0).shape().elements() * in.get(0).shape().dim(-1);
    }
}
