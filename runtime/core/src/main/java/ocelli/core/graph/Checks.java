package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
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

    /** The activation of an operator that has no functions. */
    static void clamp(String op, Activation activation) {
        if (activation.function().isPresent()) {
            throw new IllegalArgumentException(op + " has activation " + activation + ", wanted a clamp");
        }
    }

    /** Only float32 operators have functions as activations. */
    static void activation(Op op, Activation activation, List<TensorType> in) {
        if (activation.function().isPresent()) {
            dtype(op, "input", in.get(0), DType.FLOAT32);
            dtype(op, "weights", in.get(1), DType.FLOAT32);
        }
    }

    static void positive(Op op, String what, TensorType t) {
        if (t.shape().elements() == 0) {
            throw new IllegalArgumentException(op.name() + ": " + what + " has shape " + t.shape() + ", wanted at least one element");
        }
    }

    static void dtype(Op op, String what, TensorType t, DType wanted) {
        if (t.dtype() != wanted) {
            throw new IllegalArgumentException(op.name() + ": " + what + " is " + t + ", wanted " + wanted.label());
        }
    }

    static void sameType(Op op, TensorType a, TensorType b) {
        if (a.dtype() != b.dtype()) {
            throw new IllegalArgumentException(op.name() + ": operands are " + a + " and " + b + ", wanted one element type");
        }
    }

    static void indices(Op op, TensorType t) {
        if (t.dtype() != DType.INT32 && t.dtype() != DType.INT64) {
            throw new IllegalArgumentException(op.name() + ": indices are " + t + ", wanted int32 or int64");
        }
    }

    /** Nothing can be taken from, or put into, an empty dimension. */
    static void takeable(Op op, Shape indices, int dimension) {
        if (dimension == 0 && indices.elements() > 0) {
            throw new IllegalArgumentException(op.name() + ": indices " + indices + " into a dimension of 0 elements, wanted at least 1");
        }
    }

    static void shape(Op op, String what, TensorType t, Shape wanted) {
        if (!t.shape().equals(wanted)) {
            throw new IllegalArgumentException(op.name() + ": " + what + " has shape " + t.shape() + ", wanted " + wanted);
        }
    }

    /** No dimension but {@code axis} is larger than the other shape's, and nothing is taken from nothing. */
    static void within(Op op, Shape inner, Shape outer, int axis) {
        for (int i = 0; i < inner.rank(); i++) {
            if (i == axis ? outer.dim(i) == 0 && inner.elements() > 0 : inner.dim(i) > outer.dim(i)) {
                throw new IllegalArgumentException(op.name() + ": indices " + inner + " leave shape " + outer);
            }
        }
    }

    /** Axes from the front, sorted and distinct. */
    static void axes(String name, List<Integer> axes) {
        for (int i = 0; i < axes.size(); i++) {
            if (axes.get(i) < 0 || i > 0 && axes.get(i) <= axes.get(i - 1)) {
                throw new IllegalArgumentException(name + " over axes " + axes + ", wanted them from the front, sorted and distinct");
            }
        }
        if (axes.isEmpty()) {
            throw new IllegalArgumentException(name + " over no axis, wanted at least one");
        }
    }

    /** Shapes of a convolution: x [N,H,W,C] and weights [O,kH,kW,C/groups] that fit the window and the groups. */
    static void convolution(Op op, Window window, int groups, TensorType x, TensorType w) {
        rank(op, "input", x, 4);
        rank(op, "weights", w, 4);
        positive(op, "weights", w);
        equal(op, "kernel height", w.shape().dim(1), window.kernelH());
        equal(op, "kernel width", w.shape().dim(2), window.kernelW());
        equal(op, "input channels", x.shape().dim(3), (long) w.shape().dim(3) * groups);
        equal(op, "output channels modulo groups", w.shape().dim(0) % groups, 0);
    }

    /** Raw 8-bit operands, each with a zero point of its own type. */
    static void integers(Op op, TensorType a, TensorType b, TensorType aZero, TensorType bZero) {
        if (!a.dtype().isQ8() || !b.dtype().isQ8() || aZero.dtype() != a.dtype() || bZero.dtype() != b.dtype()) {
            throw new IllegalArgumentException(op.name() + ": operands are " + a + " and " + b + " with zero points " + aZero + " and " + bZero
                    + ", wanted int8 or uint8 with zero points of the same types");
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
