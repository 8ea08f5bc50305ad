package ocelli.formats.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import ocelli.core.graph.Cast;
import ocelli.core.graph.Compare;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Tensor;

/** What the operator mappings share: axes, bounds, ramps, and tensors as plain numbers. */
final class OnnxArgs {
    /** Elements of the tensors that mappers write themselves: ramps, ranges, indices. */
    private static final long MOST_ELEMENTS = 1L << 20;

    private OnnxArgs() {
    }

    /** The axis from the front. */
    static int axis(long axis, int rank) {
        long a = axis < 0 ? axis + rank : axis;
        if (a < 0 || a >= rank) {
            throw new IllegalArgumentException("axis is " + axis + ", wanted " + -rank + " to " + (rank - 1));
        }
        return (int) a;
    }

    /** These axes from the front, in their order. */
    static List<Integer> axes(long[] axes, int rank) {
        if (axes.length > rank) {
            throw new IllegalArgumentException(axes.length + " axes, wanted at most " + rank);
        }
        List<Integer> list = new ArrayList<>();
        for (long given : axes) {
            int a = axis(given, rank);
            if (list.contains(a)) {
                throw new IllegalArgumentException("axis " + a + " is named twice");
            }
            list.add(a);
        }
        return list;
    }

    /** Integers that an attribute held in old operator sets and an input holds in new ones; the fallback where there is neither. */
    static long[] intsOf(OnnxNode n, String attribute, int input, long... otherwise) {
        if (n.has(attribute)) {
            return n.ints(attribute);
        }
        return n.hasInput(input) ? n.constantInts(input, attribute) : otherwise;
    }

    /** The one integer of an input of one element. */
    static long scalarInt(OnnxNode n, int input, String what) {
        long[] values = n.constantInts(input, what);
        if (values.length != 1) {
            throw new IllegalArgumentException(what + " has " + values.length + " entries, wanted 1");
        }
        return values[0];
    }

    /** The one number of an input of one element; long integers are rounded to float64. */
    static double number(OnnxNode n, int input, String what) {
        // Refuses what is not known yet.
        n.constantFloats(input, what);
        Value v = scalar(n, n.input(input), what);
        return new Tensor(v.name(), v.type(), v.data().orElseThrow()).get(0);
    }

    /** A dimension of a tensor. */
    static int dimension(long d, String what) {
        if (d < 0 || d > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(what + " is " + d + ", wanted 0 to " + Integer.MAX_VALUE);
        }
        return (int) d;
    }

    /** The dimensions of a tensor. */
    static int[] dimensions(long[] dims, String what) {
        if (dims.length > OnnxBuilder.MOST_DIMENSIONS) {
            throw new IllegalArgumentException(what + " has " + dims.length + " entries, wanted at most " + OnnxBuilder.MOST_DIMENSIONS);
        }
        return Arrays.stream(dims).mapToInt(d -> dimension(d, what)).toArray();
    }

    /** The number of elements of dimensions {@code from} to {@code to}. A tensor without elements may have more than fit an int. */
    static int product(int[] dims, int from, int to) {
        long n = 1;
        for (int i = from; i < to; i++) {
            n = dimension(n * dims[i], "product of dimensions " + from + " to " + (to - 1));
        }
        return (int) n;
    }

    /** A tensor's bytes as plain numbers: integer arithmetic does not look at a scale. */
    static Value raw(OnnxNode n, Value v) {
        return n.reinterpret(v, Quantization.NONE);
    }

    /** The values as they are when all share one quantisation, else as plain numbers. */
    static Value[] alike(OnnxNode n, Value... values) {
        Quantization first = values[0].type().quant();
        boolean alike = Arrays.stream(values).allMatch(v -> v.type().quant().equals(first));
        return alike ? values : Arrays.stream(values).map(v -> raw(n, v)).toArray(Value[]::new);
    }

    /** The values under another element type; to bool everything but 0 is true. */
    static Value cast(OnnxNode n, Value v, DType dtype) {
        DType from = v.type().dtype();
        if (from == dtype) {
            return v;
        }
        Value x = raw(n, v);
        return dtype == DType.BOOL ? n.emit(new Compare(Compare.Kind.NOT_EQUAL), DType.BOOL, x, n.scalar(from, 0))
                : n.emit(new Cast(), dtype, x);
    }

    /** The value as a scalar; it has one element. */
    static Value scalar(OnnxNode n, Value v, String what) {
        if (v.type().shape().elements() != 1) {
            throw new IllegalArgumentException(what + " has shape " + v.type().shape() + ", wanted one element");
        }
        return v.type().shape().rank() == 0 ? v : n.reshape(v);
    }

    /** {@code start, start + 1, …} as an int64 vector. */
    static Value ramp(OnnxNode n, long start, int length) {
        checkMade(n, length);
        return n.ints(LongStream.range(start, start + length).toArray());
    }

    /** Refuses tensors that a few bytes of a file would make large. */
    static void checkMade(OnnxNode n, long elements) {
        if (elements > MOST_ELEMENTS) {
            throw n.unsupported("it makes a constant of " + elements + " elements, at most " + MOST_ELEMENTS + " are made");
        }
    }

    /** The second operand of operator sets before 7, which stood at dimension {@code axis} of the first instead of at its end. */
    static Value aligned(OnnxNode n, Value a, Value b) {
        if (n.opset() >= 7 || n.i("broadcast", 0) == 0 || !n.has("axis")) {
            return b;
        }
        int rank = a.type().shape().rank();
        int[] dims = b.type().shape().toArray();
        int behind = rank - axis(n.i("axis", 0), rank) - dims.length;
        if (behind < 0) {
            throw new IllegalArgumentException("operand " + b + " does not fit into " + a + " at axis " + n.i("axis", 0));
        }
        int[] padded = IntStream.range(0, dims.length + behind).map(i -> i < dims.length ? dims[i] : 1).toArray();
        return behind == 0 ? b : n.reshape(b, padded);
    }
}
