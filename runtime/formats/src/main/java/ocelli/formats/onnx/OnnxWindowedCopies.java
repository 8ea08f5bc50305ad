package ocelli.formats.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Value;
import ocelli.core.tensor.TensorType;

/** Slice and Pad: copies of a part of a tensor, and of a tensor with a margin. */
final class OnnxWindowedCopies {
    private OnnxWindowedCopies() {
    }

    /** Bounds are attributes before operator set 10, and inputs since. Bounds outside of the tensor are clamped. */
    static void slice(OnnxNode n) {
        Value x = n.input(0);
        int[] dims = x.type().shape().toArray();
        long[] starts = OnnxArgs.intsOf(n, "starts", 1);
        long[] ends = OnnxArgs.intsOf(n, "ends", 2);
        List<Integer> axes = OnnxArgs.axes(OnnxArgs.intsOf(n, "axes", 3, LongStream.range(0, starts.length).toArray()), dims.length);
        long[] steps = n.hasInput(4) ? n.constantInts(4, "steps") : LongStream.generate(() -> 1).limit(starts.length).toArray();
        if (ends.length != starts.length || axes.size() != starts.length || steps.length != starts.length) {
            throw new IllegalArgumentException(starts.length + " starts, " + ends.length + " ends, " + axes.size() + " axes and "
                    + steps.length + " steps, wanted equally many");
        }
        List<Integer> begin = new ArrayList<>(Collections.nCopies(dims.length, 0));
        List<Integer> size = new ArrayList<>(IntStream.of(dims).boxed().toList());
        List<Integer> step = new ArrayList<>(Collections.nCopies(dims.length, 1));
        for (int i = 0; i < starts.length; i++) {
            int axis = axes.get(i);
            long dim = dims[axis];
            long s = Math.clamp(steps[i], -Integer.MAX_VALUE, Integer.MAX_VALUE);
            if (s == 0) {
                throw new IllegalArgumentException("step of axis " + axis + " is 0");
            }
            long from = starts[i] < 0 ? starts[i] + dim : starts[i];
            long to = ends[i] < 0 ? ends[i] + dim : ends[i];
            from = dim == 0 ? 0 : s > 0 ? Math.clamp(from, 0, dim) : Math.clamp(from, 0, dim - 1);
            to = dim == 0 ? 0 : s > 0 ? Math.clamp(to, 0, dim) : Math.clamp(to, -1, dim - 1);
            long count = Math.max(0, s > 0 ? Math.ceilDiv(to - from, s) : Math.ceilDiv(from - to, -s));
            begin.set(axis, count == 0 ? 0 : (int) from);
            size.set(axis, (int) count);
            step.set(axis, (int) s);
        }
        n.output(0, cut(n, x, begin, size, step));
    }

    /** The slice; no node when it is the whole tensor. */
    static Value cut(OnnxNode n, Value x, List<Integer> begin, List<Integer> size, List<Integer> step) {
        boolean whole = IntStream.range(0, begin.size())
                .allMatch(d -> size.get(d) == x.type().shape().dim(d) && (step.get(d) == 1 || size.get(d) < 2));
        return whole ? x : n.emit(new Slice(begin, size, step), x);
    }

    /** Amounts are an attribute before operator set 11, and an input since; negative ones take elements away. */
    static void pad(OnnxNode n) {
        Value x = n.input(0);
        int rank = x.type().shape().rank();
        long[] given = n.opset() < 2 ? n.ints("paddings") : OnnxArgs.intsOf(n, "pads", 1);
        List<Integer> axes = n.hasInput(3) ? OnnxArgs.axes(n.constantInts(3, "axes"), rank) : IntStream.range(0, rank).boxed().toList();
        if (given.length != 2 * axes.size()) {
            throw new IllegalArgumentException("pads has " + given.length + " entries, wanted " + 2 * axes.size());
        }
        int[] before = new int[rank];
        int[] after = new int[rank];
        for (int i = 0; i < axes.size(); i++) {
            before[axes.get(i)] = amount(given[i]);
            after[axes.get(i)] = amount(given[i + axes.size()]);
        }
        Value kept = trimmed(n, x, before, after);
        IntStream.range(0, rank).forEach(d -> {
            before[d] = Math.max(before[d], 0);
            after[d] = Math.max(after[d], 0);
        });
        if (IntStream.range(0, rank).allMatch(d -> before[d] == 0 && after[d] == 0)) {
            n.output(0, kept);
            return;
        }
        String mode = n.s("mode", "constant");
        n.output(0, switch (mode) {
            case "constant" -> padded(n, kept, before, after, value(n, x.type()), Pad.Mode.CONSTANT);
            case "edge" -> padded(n, kept, before, after, 0, Pad.Mode.EDGE);
            case "reflect" -> padded(n, kept, before, after, 0, Pad.Mode.REFLECT);
            case "wrap" -> wrapped(n, kept, before, after);
            default -> throw new IllegalArgumentException("mode is \"" + mode + "\", wanted constant, edge, reflect or wrap");
        });
    }

    private static int amount(long pad) {
        if (pad < -Integer.MAX_VALUE || pad > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a pad is " + pad + ", wanted at most " + Integer.MAX_VALUE);
        }
        return (int) pad;
    }

    private static Value padded(OnnxNode n, Value x, int[] before, int[] after, float value, Pad.Mode mode) {
        return n.emit(new Pad(IntStream.of(before).boxed().toList(), IntStream.of(after).boxed().toList(), value, mode), x);
    }

    private static Value trimmed(OnnxNode n, Value x, int[] before, int[] after) {
        List<Integer> begin = new ArrayList<>();
        List<Integer> size = new ArrayList<>();
        for (int d = 0; d < before.length; d++) {
            long left = x.type().shape().dim(d) + Math.min(before[d], 0L) + Math.min(after[d], 0L);
            if (left < 0) {
                throw new IllegalArgumentException("pads take " + -left + " more elements than dimension " + d
                        + " of " + x.type() + " has");
            }
            begin.add(left == 0 ? 0 : -Math.min(before[d], 0));
            size.add((int) left);
        }
        return cut(n, x, begin, size, Collections.nCopies(begin.size(), 1));
    }

    /** As a real number, which is how the core operator wants it: the file gives an element of the tensor's own type. */
    private static float value(OnnxNode n, TensorType x) {
        double value = n.f("value", 0);
        if (n.opset() >= 11 && n.hasInput(2)) {
            value = OnnxArgs.number(n, 2, "constant_value");
        }
        double real = x.isQuantized8() ? (value - x.quant().zeroPoint()) * x.quant().scale() : value;
        if (!x.dtype().isFloat() && !x.isQuantized8() && (float) real != real) {
            throw n.unsupported("constant_value " + (long) real + ", which is no float32");
        }
        return (float) real;
    }

    /** The margins are what stands at the other end. */
    private static Value wrapped(OnnxNode n, Value x, int[] before, int[] after) {
        Value y = x;
        for (int d = 0; d < before.length; d++) {
            int dim = x.type().shape().dim(d);
            if (before[d] > dim || after[d] > dim) {
                throw n.unsupported("a wrapped margin of " + Math.max(before[d], after[d]) + " around " + dim + " elements");
            }
            List<Value> parts = new ArrayList<>();
            if (before[d] > 0) {
                parts.add(part(n, y, d, dim - before[d], before[d]));
            }
            parts.add(y);
            if (after[d] > 0) {
                parts.add(part(n, y, d, 0, after[d]));
            }
            y = parts.size() == 1 ? y : n.emit(new Concat(d), parts.toArray(Value[]::new));
        }
        return y;
    }

    private static Value part(OnnxNode n, Value x, int axis, int begin, int size) {
        int[] dims = x.type().shape().toArray();
        List<Integer> begins = IntStream.range(0, dims.length).mapToObj(d -> d == axis ? begin : 0).toList();
        List<Integer> sizes = IntStream.range(0, dims.length).mapToObj(d -> d == axis ? size : dims[d]).toList();
        return n.emit(new Slice(begins, sizes, Collections.nCopies(dims.length, 1)), x);
    }
}
