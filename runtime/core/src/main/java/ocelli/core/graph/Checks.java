package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** Argument checks that operators share; each names the operator, the value found and the value wanted. */
final class Checks {
    private Checks() {
    }

    static void inputs(Op op, List<TensorType> in, int min, int max) {
        if (in.size() < min || in.size() > max) {
            throw new IllegalArgumentException(op.name() + " has " + in.size() + " inputs, wanted " + (min == max ? min : min + "…" + max));
        }
    }

    static void rank(Op op, String what, TensorType t, int rank) {
        if (t.shape().rank() != rank) {
            throw new IllegalArgumentException(op.name() + ": " + what + " has shape " + t.shape() + ", wanted rank " + rank);
        }
    }

    static void equal(Op op, String what, long found, long wanted) {
        if (found != wanted) {
            throw new IllegalArgumentException(op.name() + ": " + what + " is " + found + ", wanted " + wanted);
        }
    }

    /** A dimension of the result, which must be an int. */
    static int dimension(Op op, long n) {
        if (n > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(op.name() + ": a dimension of the output is " + n + ", wanted at most " + Integer.MAX_VALUE);
        }
        return (int) n;
    }

    static void positive(Op op, String what, TensorType t) {
        if (t.shape().elements() == 0) {
            throw new IllegalArgumentException(op.name() + ": " + what + " has shape " + t.shape() + ", wanted at least one element");
        }
    }

    /** Weights and bias of a convolution-like operator: float with float, or 8-bit quantised with int32 bias. */
    static void weights(Op op, List<TensorType> in, int outChannels) {
        DType x = in.get(0).dtype();
        DType w = in.get(1).dtype();
        boolean floats = x == DType.FLOAT32 && w == DType.FLOAT32;
        boolean quantised = in.get(0).isQuantized8() && in.get(1).isQuantized8() && !in.get(0).quant().isPerAxis();
        if (!floats && !quantised) {
            throw new IllegalArgumentException(op.name() + ": input " + in.get(0) + " with weights " + in.get(1)
                    + ", wanted float32 with float32 or quantised 8-bit with quantised 8-bit");
        }
        if (in.size() == 3) {
            TensorType b = in.get(2);
            DType wanted = floats ? DType.FLOAT32 : DType.INT32;
            if (b.dtype() != wanted || b.shape().elements() != outChannels) {
                throw new IllegalArgumentException(op.name() + ": bias is " + b + ", wanted " + outChannels + " of " + wanted.label());
            }
        }
    }
}
