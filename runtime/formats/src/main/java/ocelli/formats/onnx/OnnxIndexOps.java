package ocelli.formats.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Compare;
import ocelli.core.graph.Gather;
import ocelli.core.graph.GatherElements;
import ocelli.core.graph.GatherNd;
import ocelli.core.graph.NonZero;
import ocelli.core.graph.Op;
import ocelli.core.graph.ScatterElements;
import ocelli.core.graph.ScatterNd;
import ocelli.core.graph.Select;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;

/**
 * Operators that find their elements by indices.
 *
 * @see <a href="https://onnx.ai/onnx/operators/">ONNX operators</a>
 */
final class OnnxIndexOps {
    private OnnxIndexOps() {
    }

    static Map<String, OnnxMapper> table() {
        return Map.ofEntries(
                Map.entry("Gather", OnnxIndexOps::gather),
                Map.entry("GatherElements", n -> gather(n, new GatherElements(axis(n, "axis", 0)))),
                Map.entry("GatherND", n -> gather(n, new GatherNd(OnnxArgs.dimension(n.i("batch_dims", 0), "batch_dims")))),
                Map.entry("Scatter", n -> scatter(n, new ScatterElements(axis(n, "axis", 0), ScatterElements.Reduction.NONE))),
                Map.entry("ScatterElements", n -> scatter(n, new ScatterElements(axis(n, "axis", 0), reduction(n)))),
                Map.entry("ScatterND", n -> scatter(n, new ScatterNd(reduction(n)))),
                Map.entry("OneHot", OnnxIndexOps::oneHot),
                Map.entry("Compress", OnnxIndexOps::compress),
                Map.entry("ReverseSequence", OnnxIndexOps::reverseSequence),
                Map.entry("NonZero", OnnxIndexOps::nonZero),
                Map.entry("Unique", OnnxUnique::map));
    }

    private static int axis(OnnxNode n, String attribute, long otherwise) {
        return OnnxArgs.axis(n.i(attribute, otherwise), n.input(0).type().shape().rank());
    }

    /** Constant indices at one distance are a slice, which later passes can turn into addressing. */
    private static void gather(OnnxNode n) {
        Value x = n.input(0);
        Value indices = n.input(1);
        int axis = axis(n, "axis", 0);
        int rank = indices.type().shape().rank();
        if (rank > 1 || indices.type().shape().elements() == 0 || !n.isConstant(1)) {
            gather(n, new Gather(axis));
            return;
        }
        int[] dims = x.type().shape().toArray();
        long[] at = Arrays.stream(n.constantInts(1, "indices")).map(i -> i < 0 ? i + dims[axis] : i).toArray();
        long step = at.length == 1 ? 1 : at[1] - at[0];
        if (Arrays.stream(at).anyMatch(i -> i < 0 || i >= dims[axis])) {
            throw new IllegalArgumentException("indices leave dimension " + axis + " of " + x);
        }
        if (step == 0 || IntStream.range(1, at.length).anyMatch(i -> at[i] - at[i - 1] != step)) {
            gather(n, new Gather(axis));
            return;
        }
        List<Integer> begin = IntStream.range(0, dims.length).mapToObj(d -> d == axis ? (int) at[0] : 0).toList();
        List<Integer> size = IntStream.range(0, dims.length).mapToObj(d -> d == axis ? at.length : dims[d]).toList();
        List<Integer> steps = IntStream.range(0, dims.length).mapToObj(d -> d == axis ? (int) step : 1).toList();
        Value slice = OnnxWindowedCopies.cut(n, x, begin, size, steps);
        int[] rest = IntStream.range(0, dims.length).filter(d -> d != axis).map(d -> dims[d]).toArray();
        n.output(0, rank == 1 ? slice : n.reshape(slice, rest));
    }

    private static void gather(OnnxNode n, Op op) {
        n.output(0, n.emit(op, n.input(0), n.input(1)));
    }

    private static void scatter(OnnxNode n, Op op) {
        Value[] data = OnnxArgs.alike(n, n.input(0), n.input(2));
        n.output(0, n.emit(op, data[0], n.input(1), data[1]));
    }

    private static ScatterElements.Reduction reduction(OnnxNode n) {
        String name = n.s("reduction", "none");
        return switch (name) {
            case "none" -> ScatterElements.Reduction.NONE;
            case "add" -> ScatterElements.Reduction.ADD;
            case "mul" -> ScatterElements.Reduction.MUL;
            case "min" -> ScatterElements.Reduction.MIN;
            case "max" -> ScatterElements.Reduction.MAX;
            default -> throw new IllegalArgumentException("reduction is \"" + name + "\", wanted none, add, mul, min or max");
        };
    }

    /** Each index becomes a vector along a new axis with one element on; an index outside has none. */
    private static void oneHot(OnnxNode n) {
        Value indices = OnnxArgs.cast(n, n.input(0), DType.INT64);
        int depth = OnnxArgs.dimension((long) OnnxArgs.number(n, 1, "depth"), "depth");
        Shape shape = indices.type().shape();
        int axis = OnnxArgs.axis(n.i("axis", -1), shape.rank() + 1);
        int[] around = IntStream.rangeClosed(0, shape.rank()).map(i -> i == axis ? 1 : shape.dim(i < axis ? i : i - 1)).toArray();
        int[] along = IntStream.rangeClosed(0, shape.rank()).map(i -> i == axis ? depth : 1).toArray();
        Value index = n.reshape(indices, around);
        Value front = equal(n, index, n.reshape(OnnxArgs.ramp(n, 0, depth), along));
        Value end = equal(n, index, n.reshape(OnnxArgs.ramp(n, -(long) depth, depth), along));
        Value hit = n.emit(new Binary(Binary.Kind.OR, Activation.NONE), front, end);
        Value values = OnnxArgs.raw(n, n.input(2));
        Value off = n.emit(new Slice(List.of(0), List.of(1), List.of(1)), values);
        Value on = n.emit(new Slice(List.of(1), List.of(1), List.of(1)), values);
        n.output(0, n.emit(new Select(), values.type(), hit, on, off));
    }

    private static Value equal(OnnxNode n, Value a, Value b) {
        return n.emit(new Compare(Compare.Kind.EQUAL), DType.BOOL, a, b);
    }

    /** Keeps the slices whose condition is true; a condition that is too short is false behind its end. */
    private static void compress(OnnxNode n) {
        Value x = n.input(0);
        int rank = x.type().shape().rank();
        Value data = n.has("axis") ? x : n.reshape(x, x.type().shape().elements());
        int axis = n.has("axis") ? OnnxArgs.axis(n.i("axis", 0), rank) : 0;
        float[] condition = n.constantFloats(1, "condition");
        if (condition.length > data.type().shape().dim(axis)) {
            throw new IllegalArgumentException("condition has " + condition.length + " entries for dimension " + axis + " of " + x);
        }
        long[] kept = IntStream.range(0, condition.length).filter(i -> condition[i] != 0).asLongStream().toArray();
        n.output(0, n.emit(new Gather(axis), data, n.ints(kept)));
    }

    /** The first {@code sequence_lens[b]} steps of batch b come in reverse. */
    private static void reverseSequence(OnnxNode n) {
        Value x = n.input(0);
        Shape shape = x.type().shape();
        int batch = axis(n, "batch_axis", 1);
        int time = axis(n, "time_axis", 0);
        long[] lengths = n.constantInts(1, "sequence_lens");
        int steps = shape.dim(time);
        if (batch == time || lengths.length != shape.dim(batch) || Arrays.stream(lengths).anyMatch(l -> l < 0 || l > steps)) {
            throw new IllegalArgumentException("sequence_lens " + Arrays.toString(lengths) + " along axis " + time + " for batches of axis "
                    + batch + " of shape " + shape);
        }
        OnnxArgs.checkMade(n, (long) lengths.length * steps);
        long[] source = LongStream.range(0, (long) lengths.length * steps).map(i -> {
            long length = lengths[(int) (i / steps)];
            return i % steps < length ? length - 1 - i % steps : i % steps;
        }).toArray();
        int rank = shape.rank();
        int[] perm = IntStream.concat(IntStream.of(batch, time), IntStream.range(0, rank).filter(d -> d != batch && d != time)).toArray();
        int[] back = new int[rank];
        IntStream.range(0, rank).forEach(i -> back[perm[i]] = i);
        Value reversed = n.emit(new GatherNd(1), n.transpose(x, perm), n.reshape(n.ints(source), lengths.length, steps, 1));
        n.output(0, n.transpose(reversed, back));
    }

    /** Exactly the indices for a constant; else columns for all elements, with −1 where there is no index. */
    private static void nonZero(OnnxNode n) {
        Value x = OnnxArgs.raw(n, n.input(0));
        Value indices = n.emit(new NonZero(), DType.INT64, x);
        if (indices.isConstant()) {
            TensorType type = x.type();
            Tensor t = new Tensor(x.name(), type, x.data().orElseThrow());
            int count = (int) IntStream.range(0, type.shape().elements()).filter(i -> t.get(i) != 0).count();
            int rank = type.shape().rank();
            indices = n.emit(new Slice(List.of(0, 0), List.of(rank, count), List.of(1, 1)), indices);
        }
        n.output(0, indices);
    }
}
