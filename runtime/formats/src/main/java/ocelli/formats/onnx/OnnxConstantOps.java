package ocelli.formats.onnx;

import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Compare;
import ocelli.core.graph.Expand;
import ocelli.core.graph.Select;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Operators whose results follow from shapes, attributes and constants: they are known when the model is loaded.
 *
 * @see <a href="https://onnx.ai/onnx/operators/">ONNX operators</a>
 */
final class OnnxConstantOps {
    private OnnxConstantOps() {
    }

    static Map<String, OnnxMapper> table() {
        return Map.ofEntries(
                Map.entry("Constant", OnnxConstantOps::constant),
                Map.entry("ConstantOfShape", OnnxConstantOps::constantOfShape),
                Map.entry("Shape", OnnxConstantOps::shape),
                Map.entry("Size", OnnxConstantOps::size),
                Map.entry("Range", OnnxConstantOps::range),
                Map.entry("EyeLike", OnnxConstantOps::eyeLike),
                Map.entry("Trilu", OnnxConstantOps::trilu));
    }

    private static void constant(OnnxNode n) {
        if (n.has("value")) {
            n.output(0, n.tensor("value"));
        } else if (n.has("value_float")) {
            n.output(0, n.reshape(n.floats(n.f("value_float", 0))));
        } else if (n.has("value_floats")) {
            n.output(0, n.floats(n.floats("value_floats")));
        } else if (n.has("value_int")) {
            n.output(0, n.reshape(n.ints(n.i("value_int", 0))));
        } else if (n.has("value_ints")) {
            n.output(0, n.ints(n.ints("value_ints")));
        } else {
            throw n.unsupported("a constant that is no dense tensor of numbers");
        }
    }

    private static void constantOfShape(OnnxNode n) {
        int[] dims = OnnxArgs.dimensions(n.constantInts(0, "shape"), "shape");
        Value value = n.has("value") ? OnnxArgs.scalar(n, n.tensor("value"), "value") : n.scalar(DType.FLOAT32, 0);
        n.output(0, n.emit(new Expand(Shape.of(dims)), value));
    }

    /** Since operator set 15 with a first and a last dimension, clamped to the rank. */
    private static void shape(OnnxNode n) {
        int[] dims = n.input(0).type().shape().toArray();
        int start = bound(n.i("start", 0), dims.length);
        int end = bound(n.i("end", dims.length), dims.length);
        n.output(0, n.ints(IntStream.range(start, Math.max(start, end)).mapToLong(i -> dims[i]).toArray()));
    }

    private static int bound(long at, int rank) {
        return Math.clamp(at < 0 ? at + rank : at, 0, rank);
    }

    private static void size(OnnxNode n) {
        n.output(0, n.reshape(n.ints(n.input(0).type().shape().elements())));
    }

    /** start, start + delta, … below (or, backwards, above) limit. */
    private static void range(OnnxNode n) {
        DType dtype = n.input(0).type().dtype();
        if (dtype == DType.INT64 || dtype == DType.INT32) {
            long start = OnnxArgs.scalarInt(n, 0, "start");
            long limit = OnnxArgs.scalarInt(n, 1, "limit");
            long delta = OnnxArgs.scalarInt(n, 2, "delta");
            // In float64 first: the difference of two long integers may not be one.
            int count = count(n, ((double) limit - start) / delta);
            n.output(0, OnnxArgs.cast(n, n.ints(LongStream.range(0, count).map(i -> start + i * delta).toArray()), dtype));
            return;
        }
        double start = OnnxArgs.number(n, 0, "start");
        double delta = OnnxArgs.number(n, 2, "delta");
        int count = count(n, (OnnxArgs.number(n, 1, "limit") - start) / delta);
        Value ramp = OnnxArgs.cast(n, OnnxArgs.ramp(n, 0, count), DType.FLOAT64);
        Value steps = OnnxMathOps.compute(n, Binary.Kind.MUL, ramp, n.scalar(DType.FLOAT64, delta));
        n.output(0, OnnxArgs.cast(n, OnnxMathOps.compute(n, Binary.Kind.ADD, steps, n.scalar(DType.FLOAT64, start)), dtype));
    }

    private static int count(OnnxNode n, double steps) {
        if (Double.isNaN(steps) || Double.isInfinite(steps)) {
            throw new IllegalArgumentException("a range of " + steps + " steps, wanted a delta that is not 0");
        }
        double count = Math.max(Math.ceil(steps), 0);
        OnnxArgs.checkMade(n, (long) count);
        return (int) count;
    }

    /** Ones where column − row is k. */
    private static void eyeLike(OnnxNode n) {
        TensorType like = n.input(0).type();
        if (like.shape().rank() != 2) {
            throw new IllegalArgumentException("input is " + like + ", wanted rank 2");
        }
        DType dtype = n.has("dtype") ? n.dtype(n.i("dtype", 0)) : like.dtype();
        Value hit = diagonals(n, Compare.Kind.EQUAL, like.shape(), n.i("k", 0));
        n.output(0, OnnxArgs.cast(n, hit, dtype));
    }

    /** The upper triangle has column − row ≥ k, the lower one ≤ k; the rest becomes 0. */
    private static void trilu(OnnxNode n) {
        Value x = n.input(0);
        if (x.type().shape().rank() < 2) {
            throw new IllegalArgumentException("input is " + x.type() + ", wanted rank 2 or more");
        }
        Compare.Kind side = n.i("upper", 1) != 0 ? Compare.Kind.GREATER_OR_EQUAL : Compare.Kind.LESS_OR_EQUAL;
        Value plain = OnnxArgs.raw(n, x);
        Value kept = diagonals(n, side, x.type().shape(), n.hasInput(1) ? OnnxArgs.scalarInt(n, 1, "k") : 0);
        n.output(0, n.emit(new Select(), plain.type(), kept, plain, n.scalar(plain.type().dtype(), 0)));
    }

    /** For the last two dimensions of a shape, how column − k compares with the row. */
    private static Value diagonals(OnnxNode n, Compare.Kind kind, Shape shape, long k) {
        int rows = shape.dim(-2);
        int columns = shape.dim(-1);
        long shift = Math.clamp(k, Integer.MIN_VALUE, Integer.MAX_VALUE);
        return n.emit(new Compare(kind), DType.BOOL, OnnxArgs.ramp(n, -shift, columns), n.reshape(OnnxArgs.ramp(n, 0, rows), rows, 1));
    }
}
