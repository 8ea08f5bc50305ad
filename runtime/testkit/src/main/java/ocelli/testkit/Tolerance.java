package ocelli.testkit;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.LogSoftmax;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.Unary;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;

/** How far a float32 result may be from the reference. Infinities and all other types have no tolerance. */
@FunctionalInterface
public interface Tolerance {
    /** Half a unit in the last place of 1 in float32: the largest relative error of one rounding. */
    double UNIT = 0x1p-24;

    /** The same value; zeros of either sign are equal. */
    Tolerance EXACT = (output, element, wanted) -> 0;

    /** The largest error allowed for an element whose reference value is {@code wanted}. */
    double of(int output, int element, double wanted);

    /**
     * For sums of products: {@code (terms + 2) · 2^-24} times the sum of the absolute products, which bounds the error of
     * summing in any order with a rounding at each step.
     *
     * @param absolute for each output the float32 sums of absolute products
     * @see "N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, section 3.1"
     */
    static Tolerance sums(int terms, List<byte[]> absolute) {
        List<float[]> sums = absolute.stream().map(TestData::floats).toList();
        return (output, element, wanted) -> (terms + 2) * UNIT * sums.get(output)[element] * (1 + 4 * UNIT) + Float.MIN_NORMAL;
    }

    /** What the contract of the operator allows; of those that only the reference computes in floats, nothing. */
    static Tolerance of(KernelCase problem) {
        boolean floats = problem.inputs().getFirst().type().dtype() == DType.FLOAT32
                && problem.outputs().getFirst().type().dtype() == DType.FLOAT32;
        return !floats ? EXACT : switch (problem.op()) {
            case Conv2d _, DepthwiseConv2d _, FullyConnected _, MatMul _ -> ProductSums.tolerance(problem);
            case Binary _ -> BinaryContract.bound(problem);
            case Unary _ -> UnaryContract.bound(problem);
            case Pool2d _ -> PoolContract.bound(problem);
            case Reduce _ -> ReduceContract.bound(problem);
            case Resize _ -> ResizeContract.bound(problem);
            case Softmax _, LogSoftmax _ -> SoftmaxContract.bound(problem);
            default -> EXACT;
        };
    }

    /** The largest magnitude of float32 elements. */
    static double largest(byte[] floats) {
        double largest = 0;
        for (float v : TestData.floats(floats)) {
            largest = Math.max(largest, Math.abs(v));
        }
        return largest;
    }

    /** Fails with the first element that is too far from the reference; {@code what} starts the message. */
    default void check(String what, KernelCase problem, List<byte[]> wanted, List<byte[]> found) {
        for (int o = 0; o < wanted.size(); o++) {
            TensorType type = problem.outputs().get(o).type();
            if (Arrays.equals(wanted.get(o), found.get(o))) {
                continue;
            }
            Tensor w = new Tensor("wanted", type, MemorySegment.ofArray(wanted.get(o)));
            Tensor f = new Tensor("found", type, MemorySegment.ofArray(found.get(o)));
            boolean floats = type.dtype() == DType.FLOAT32;
            for (int i = 0; i < type.shape().elements(); i++) {
                double a = w.get(i);
                double b = f.get(i);
                boolean same = a == b || Double.isNaN(a) && Double.isNaN(b);
                if (!same && !(floats && Double.isFinite(a) && Math.abs(a - b) <= of(o, i, a))) {
                    throw new AssertionError(what + ": output " + o + " element " + i + " of " + type.shape() + " is " + b
                            + ", wanted " + a + (floats ? " ± " + of(o, i, a) : ""));
                }
            }
        }
    }
}
