package ocelli.formats.onnx;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import ocelli.core.graph.Gather;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;

/**
 * The distinct elements, or slices, of a constant. How many a computed tensor has is not known when the model is loaded.
 *
 * @see <a href="https://onnx.ai/onnx/operators/onnx__Unique.html">ONNX Unique</a>
 */
final class OnnxUnique {
    private static final int MOST_ELEMENTS = 1 << 20;

    private OnnxUnique() {
    }

    static void map(OnnxNode n) {
        Value given = OnnxArgs.raw(n, n.input(0));
        if (!given.isConstant() || given.type().shape().elements() > MOST_ELEMENTS) {
            throw n.unsupported("input " + given + " is computed by the model or large, wanted a constant of at most " + MOST_ELEMENTS
                    + " elements: the number of distinct ones must be known when the model is loaded");
        }
        Value x = n.has("axis") ? given : n.reshape(given, given.type().shape().elements());
        int axis = n.has("axis") ? OnnxArgs.axis(n.i("axis", 0), x.type().shape().rank()) : 0;
        int slices = x.type().shape().dim(axis);
        if (slices > MOST_ELEMENTS) {
            throw n.unsupported(slices + " slices without elements, wanted at most " + MOST_ELEMENTS);
        }
        Comparator<Integer> order = order(x, axis);
        // Each distinct slice with its first place, in ascending order; where no order is wanted the first places sort them.
        TreeMap<Integer, Integer> first = new TreeMap<>(order);
        IntStream.range(0, slices).forEach(i -> first.putIfAbsent(i, i));
        List<Integer> distinct = n.i("sorted", 1) != 0 ? List.copyOf(first.values()) : first.values().stream().sorted().toList();
        TreeMap<Integer, Integer> place = new TreeMap<>(order);
        IntStream.range(0, distinct.size()).forEach(i -> place.put(distinct.get(i), i));
        long[] inverse = IntStream.range(0, slices).mapToLong(place::get).toArray();
        long[] counts = new long[distinct.size()];
        Arrays.stream(inverse).forEach(i -> counts[(int) i]++);
        Value indices = n.ints(distinct.stream().mapToLong(Integer::longValue).toArray());
        n.output(0, n.emit(new Gather(axis), x, indices));
        n.output(1, indices);
        n.output(2, n.ints(inverse));
        n.output(3, n.ints(counts));
    }

    /** Slices by their elements, from the first on. */
    private static Comparator<Integer> order(Value x, int axis) {
        Tensor t = new Tensor(x.name(), x.type(), x.data().orElseThrow());
        int[] dims = x.type().shape().toArray();
        int before = OnnxArgs.product(dims, 0, axis);
        int behind = OnnxArgs.product(dims, axis + 1, dims.length);
        Comparator<Integer> elements = elements(t);
        return (a, b) -> {
            int result = 0;
            for (int i = 0; i < before * behind && result == 0; i++) {
                int outer = i / behind * dims[axis];
                result = elements.compare((outer + a) * behind + i % behind, (outer + b) * behind + i % behind);
            }
            return result;
        };
    }

    private static Comparator<Integer> elements(Tensor t) {
        DType dtype = t.type().dtype();
        if (dtype == DType.INT64 || dtype == DType.UINT64) {
            // As float64 long integers would lose their last bits.
            Comparator<Long> longs = dtype == DType.INT64 ? Long::compare : Long::compareUnsigned;
            return (a, b) -> longs.compare(t.data().get(ValueLayout.JAVA_LONG_UNALIGNED, a * 8L),
                    t.data().get(ValueLayout.JAVA_LONG_UNALIGNED, b * 8L));
        }
        return (a, b) -> Double.compare(t.get(a), t.get(b));
    }
}
