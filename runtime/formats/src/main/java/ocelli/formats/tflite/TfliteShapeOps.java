package ocelli.formats.tflite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Split;
import ocelli.core.graph.Tile;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;
import ocelli.formats.NotSupported;
import ocelli.formats.tflite.TfliteOps.Mapped;

/** Operators that move or rearrange elements; their constant shape operands become attributes. */
final class TfliteShapeOps {
    private static final int MOST_DIMENSIONS = 8;

    private TfliteShapeOps() {
    }

    static Mapped concat(OpContext c) {
        if (!c.activation(1).isNone()) {
            throw new NotSupported("a fused activation");
        }
        return new Mapped(new Concat(c.i32(0, 0)), c.firstInputs(c.inputs().length));
    }

    static Mapped reshape(OpContext c) {
        Shape in = c.inputShape(0);
        Shape out = c.output(0).type().shape();
        if (c.isDynamic() && c.hasInput(1) && c.input(1).isConstant()) {
            return new Mapped(new Reshape(resolved(in, c.constants(1, "new shape"))), List.of(c.input(0)));
        }
        if (out.elements() != in.elements() && c.hasInput(1) && !c.input(1).isConstant()) {
            throw new NotSupported("the new shape is computed while the model runs; the file says " + out);
        }
        if (out.elements() != in.elements() && c.isDynamic()) {
            throw new NotSupported("the new shape is known only when the model runs; the file says " + out);
        }
        // The shape operand may hold a −1; the output's own shape is what it comes to.
        return new Mapped(new Reshape(out), List.of(c.input(0)));
    }

    /** The shape that a new shape with at most one −1 means for these elements. */
    private static Shape resolved(Shape in, int[] dims) {
        int open = -1;
        int known = 1;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == -1 && open < 0) {
                open = i;
            } else {
                known = Math.clamp((long) known * dims[i], Integer.MIN_VALUE, Integer.MAX_VALUE);
            }
        }
        if (open >= 0) {
            dims[open] = known <= 0 ? 0 : in.elements() / known;
        }
        return Shape.of(dims);
    }

    /** What is left of an operator whose input was expanded when its tensor was read. */
    static Mapped densify(OpContext c) {
        return new Mapped(new Reshape(c.output(0).type().shape()), List.of(c.input(0)));
    }

    static Mapped squeeze(OpContext c) {
        Shape in = c.inputShape(0);
        if (!c.isDynamic()) {
            return new Mapped(new Reshape(c.output(0).type().shape()), List.of(c.input(0)));
        }
        int[] listed = c.options().map(o -> o.ints(0, MOST_DIMENSIONS)).orElse(new int[0]);
        Set<Integer> axes = Arrays.stream(listed).mapToObj(in::axis).collect(Collectors.toSet());
        int[] kept = IntStream.range(0, in.rank()).filter(d -> in.dim(d) != 1 || listed.length > 0 && !axes.contains(d)).map(in::dim)
                .toArray();
        return new Mapped(new Reshape(Shape.of(kept)), List.of(c.input(0)));
    }

    static Mapped expandDims(OpContext c) {
        Shape in = c.inputShape(0);
        if (!c.isDynamic()) {
            return new Mapped(new Reshape(c.output(0).type().shape()), List.of(c.input(0)));
        }
        int axis = c.scalar(1, "axis");
        if (axis < -in.rank() - 1 || axis > in.rank()) {
            throw new IllegalArgumentException("axis is " + axis + " for shape " + in);
        }
        List<Integer> dims = new ArrayList<>(Arrays.stream(in.toArray()).boxed().toList());
        dims.add(axis < 0 ? axis + in.rank() + 1 : axis, 1);
        return new Mapped(new Reshape(shape(dims)), List.of(c.input(0)));
    }

    static Shape shape(List<Integer> dims) {
        return Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
    }

    /** PAD, and PADV2 whose third input is the value. */
    static Mapped pad(OpContext c) {
        int[] pads = c.constants(1, "paddings");
        if (pads.length != 2 * c.inputShape(0).rank()) {
            throw new IllegalArgumentException("paddings have " + pads.length + " entries for shape " + c.inputShape(0));
        }
        List<Integer> before = IntStream.range(0, pads.length / 2).mapToObj(i -> pads[2 * i]).toList();
        List<Integer> after = IntStream.range(0, pads.length / 2).mapToObj(i -> pads[2 * i + 1]).toList();
        return new Mapped(new Pad(before, after, c.hasInput(2) ? padValue(c) : 0), List.of(c.input(0)));
    }

    private static float padValue(OpContext c) {
        Value v = c.input(2);
        if (!v.isConstant() || v.type().shape().elements() != 1) {
            throw new NotSupported("pad value is " + v + ", wanted one constant");
        }
        Tensor t = new Tensor(v.name(), v.type(), v.data().orElseThrow());
        // The file gives the value in the input's own quantisation.
        boolean quantised = c.input(0).type().isQuantized8() && v.type().dtype() == c.input(0).type().dtype();
        return (float) (quantised && !v.type().isQuantized8()
                ? (t.get(0) - c.input(0).type().quant().zeroPoint()) * c.input(0).type().quant().scale() : t.real(0));
    }

    static Mapped transpose(OpContext c) {
        return new Mapped(new Transpose(c.perDimension(1, "permutation")), List.of(c.input(0)));
    }

    /** SPLIT has its axis as the first input. */
    static Mapped split(OpContext c) {
        int axis = c.scalar(0, "axis");
        int pieces = c.outputs().length;
        Shape x = c.inputShape(1);
        int size = x.dim(x.axis(axis)) / Math.max(pieces, 1);
        return new Mapped(new Split(x.axis(axis), Collections.nCopies(pieces, size)), List.of(c.input(1)));
    }

    static Mapped splitV(OpContext c) {
        Shape x = c.inputShape(0);
        int axis = x.axis(c.scalar(2, "axis"));
        List<Integer> sizes = new ArrayList<>(c.constantList(1, "sizes"));
        int open = sizes.indexOf(-1);
        if (open >= 0) {
            int known = sizes.stream().filter(s -> s > 0).mapToInt(Integer::intValue).sum();
            sizes.set(open, x.dim(axis) - known);
        }
        return new Mapped(new Split(axis, sizes), List.of(c.input(0)));
    }

    static Mapped tile(OpContext c) {
        return new Mapped(new Tile(c.perDimension(1, "multiples")), List.of(c.input(0)));
    }

    static Mapped slice(OpContext c) {
        List<Integer> begin = c.perDimension(1, "begin");
        List<Integer> size = new ArrayList<>(c.perDimension(2, "size"));
        for (int d = 0; d < size.size(); d++) {
            if (size.get(d) == -1) {
                size.set(d, c.inputShape(0).dim(d) - begin.get(d));
            }
        }
        return new Mapped(new Slice(begin, size, Collections.nCopies(size.size(), 1)), List.of(c.input(0)));
    }

    static Mapped stridedSlice(OpContext c) {
        Shape x = c.inputShape(0);
        int beginMask = c.i32(0, 0);
        int endMask = c.i32(1, 0);
        int shrink = c.i32(4, 0);
        if (c.i32(2, 0) != 0 || c.i32(3, 0) != 0) {
            throw new NotSupported("ellipsis or new-axis mask");
        }
        List<Integer> begin = c.perDimension(1, "begin");
        List<Integer> end = c.perDimension(2, "end");
        List<Integer> step = c.perDimension(3, "strides");
        List<Integer> first = new ArrayList<>();
        List<Integer> steps = new ArrayList<>();
        List<Integer> size = new ArrayList<>();
        for (int d = 0; d < x.rank(); d++) {
            int n = x.dim(d);
            int s = step.get(d);
            if (s == 0) {
                throw new IllegalArgumentException("stride of dimension " + d + " is 0");
            }
            boolean one = (shrink >> d & 1) != 0;
            s = one ? 1 : s;
            int b = (beginMask >> d & 1) != 0 ? (s > 0 ? 0 : n - 1) : bound(begin.get(d), n, s);
            int e = (endMask >> d & 1) != 0 ? (s > 0 ? n : -1) : bound(end.get(d), n, s);
            long count = s > 0 ? ((long) e - b + s - 1) / s : ((long) b - e - s - 1) / -(long) s;
            first.add(b);
            steps.add(s);
            size.add(one ? 1 : (int) Math.max(count, 0));
        }
        Slice slice = new Slice(first, size, steps);
        if (shrink == 0) {
            return new Mapped(slice, List.of(c.input(0)));
        }
        int[] kept = IntStream.range(0, x.rank()).filter(d -> (shrink >> d & 1) == 0).map(size::get).toArray();
        return new Mapped(new Reshape(Shape.of(kept)), List.of(c.add("one", slice, c.input(0))));
    }

    private static int bound(int at, int n, int step) {
        int from = at < 0 ? at + n : at;
        return step > 0 ? Math.clamp(from, 0, n) : Math.clamp(from, -1, n - 1);
    }
}
