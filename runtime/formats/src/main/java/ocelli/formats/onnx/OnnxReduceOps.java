package ocelli.formats.onnx;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ocelli.core.graph.ArgReduce;
import ocelli.core.graph.CumulativeSum;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.TopK;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;

/**
 * Operators that go along axes: reductions, running sums, the largest elements.
 *
 * @see <a href="https://onnx.ai/onnx/operators/">ONNX operators</a>
 */
final class OnnxReduceOps {
    private OnnxReduceOps() {
    }

    static Map<String, OnnxMapper> table() {
        return Map.ofEntries(
                Map.entry("ReduceMean", n -> reduce(n, Reduce.Kind.MEAN)),
                Map.entry("ReduceSum", n -> reduce(n, Reduce.Kind.SUM)),
                Map.entry("ReduceProd", n -> reduce(n, Reduce.Kind.PRODUCT)),
                Map.entry("ReduceMin", n -> reduce(n, Reduce.Kind.MIN)),
                Map.entry("ReduceMax", n -> reduce(n, Reduce.Kind.MAX)),
                Map.entry("ReduceL1", n -> reduce(n, Reduce.Kind.L1)),
                Map.entry("ReduceL2", n -> reduce(n, Reduce.Kind.L2)),
                Map.entry("ReduceLogSum", n -> reduce(n, Reduce.Kind.LOG_SUM)),
                Map.entry("ReduceLogSumExp", n -> reduce(n, Reduce.Kind.LOG_SUM_EXP)),
                Map.entry("ReduceSumSquare", n -> reduce(n, Reduce.Kind.SUM_SQUARE)),
                Map.entry("ArgMax", n -> argReduce(n, true)),
                Map.entry("ArgMin", n -> argReduce(n, false)),
                Map.entry("CumSum", OnnxReduceOps::cumSum),
                Map.entry("TopK", OnnxReduceOps::topK));
    }

    /** No axes are all axes, or none where the node says so. */
    private static void reduce(OnnxNode n, Reduce.Kind kind) {
        Value x = OnnxArgs.raw(n, n.input(0));
        int rank = x.type().shape().rank();
        List<Integer> axes = OnnxArgs.axes(OnnxArgs.intsOf(n, "axes", 1), rank).stream().sorted().toList();
        if (axes.isEmpty() && n.i("noop_with_empty_axes", 0) != 0) {
            n.output(0, x);
            return;
        }
        boolean keep = n.i("keepdims", 1) != 0;
        DType dtype = x.type().dtype();
        // The extremes of truth values are those of the numbers 0 and 1.
        Value numbers = dtype == DType.BOOL ? OnnxArgs.cast(n, x, DType.UINT8) : x;
        Value y;
        if (rank == 0) {
            y = n.emit(new Reduce(kind, List.of(0), false), n.reshape(numbers, 1));
        } else {
            y = n.emit(new Reduce(kind, axes.isEmpty() ? IntStream.range(0, rank).boxed().toList() : axes, keep), numbers);
        }
        n.output(0, OnnxArgs.cast(n, y, dtype));
    }

    private static void argReduce(OnnxNode n, boolean largest) {
        Value x = OnnxArgs.raw(n, n.input(0));
        int axis = OnnxArgs.axis(n.i("axis", 0), x.type().shape().rank());
        boolean last = n.i("select_last_index", 0) != 0;
        n.output(0, n.emit(new ArgReduce(largest, axis, n.i("keepdims", 1) != 0, last), DType.INT64, x));
    }

    private static void cumSum(OnnxNode n) {
        Value x = OnnxArgs.raw(n, n.input(0));
        int axis = OnnxArgs.axis(OnnxArgs.scalarInt(n, 1, "axis"), x.type().shape().rank());
        n.output(0, n.emit(new CumulativeSum(axis, n.i("exclusive", 0) != 0, n.i("reverse", 0) != 0), x));
    }

    /** The number of elements is an attribute before operator set 10. Results that need no order come in order too. */
    private static void topK(OnnxNode n) {
        Value x = n.input(0);
        int axis = OnnxArgs.axis(n.i("axis", -1), x.type().shape().rank());
        long k = n.opset() < 10 ? n.i("k", -1) : OnnxArgs.scalarInt(n, 1, "k");
        TopK op = new TopK(OnnxArgs.dimension(k, "k"), axis, n.i("largest", 1) != 0);
        List<Value> results = n.emitAll(op, List.of(x.type().dtype(), DType.INT64), x);
        n.output(0, results.get(0));
        n.output(1, results.get(1));
    }
}
