package ocelli.formats.tflite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Split;
import ocelli.core.graph.Tile;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;
import ocelli.formats.NotSupported;
import ocelli.formats.tflite.TfliteOps.Mapped;

/** Operators that move or rearrange elements; their constant shape operands become attributes. */
final class TfliteShapeOps {
    private TfliteShapeOps() {
    }

    static Mapped concat(OpContext c) {
        if (!c.activation(1).isNone()) {
            throw new NotSupported("a fused activation");
        }
        return new Mapped(new Concat(c.i32(0, 0)), c.firstInputs(c.inputs().length));
    }

    static Mapped reshape(OpContext c) {
        Shape out = c.output(0).type().shape();
        if (out.elements() != c.inputShape(0).elements()) {
            if (c.hasInput(1) && !c.input(1).isConstant()) {
                throw new NotSupported("the new shape is computed while the model runs; the file says " + out);
            }
            if (c.tensors().isDynamic(c.outputs()[0])) {
                throw new NotSupported("the new shape is known only when the model runs; the file says " + out);
            }
        }
        // The shape operand may hold a −1; the output's own shape is what it comes to.
        return new Mapped(new Reshape(out), List.of(c.input(0)));
    }

    static Mapped asReshape(OpContext c) {
        return new Mapped(new Reshape(c.output(0).type().shape()), List.of(c.input(0)));
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

    static Mapped mean(OpContext c) {
        Shape x = c.inputShape(0);
        List<Integer> axes = Arrays.stream(c.constants(1, "axes")).map(x::axis).sorted().distinct().boxed().toList();
        return new Mapped(new Reduce(Reduce.Kind.MEAN, axes, c.bool(0)), List.of(c.input(0)));
    }

    /** SPLIT has its axis as the first input. */
    static Mapped split(OpContext c) {
        int axis = scalar(c, 0, "axis");
        int pieces = c.outputs().length;
        Shape x = c.inputShape(1);
        int size = x.dim(x.axis(axis)) / Math.max(pieces, 1);
        return new Mapped(new Split(x.axis(axis), Collections.nCopies(pieces, size)), List.of(c.input(1)));
    }

    static Mapped splitV(OpContext c) {
        Shape x = c.inputShape(0);
        int axis = x.axis(scalar(c, 2, "axis"));
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
        if (c.input(0).type().dtype() == DType.INT32 && !c.input(0).isConstant()) {
            throw new NotSupported("a slice of a computed shape");
        }
        List<Integer> begin = c.perDimension(1, "begin");
        List<Integer> end = c.perDimension(2, "end");
        List<Integer> step = c.perDimension(3, "strides");
        List<Integer> first = new ArrayList<>();
        List<Integer> size = new ArrayList<>();
        for (int d = 0; d < x.rank(); d++) {
            int n = x.dim(d);
            int s = step.get(d);
            if (s == 0) {
                throw new IllegalArgumentException("stride of dimension " + d + " is 0");
            }
            boolean one = (shrink >> d & 1) != 0;
            int b = (beginMask >> d & 1) != 0 ? (s > 0 ? 0 : n - 1) : bound(begin.get(d), n, s);
            int e = (endMask >> d & 1) != 0 ? (s > 0 ? n : -1) : bound(end.get(d), n, s);
            long count = s > 0 ? ((long) e - b + s - 1) / s : ((long) b - e - s - 1) / -(long) s;
            first.add(b);
            size.add(one ? 1 : (int) Math.max(count, 0));
        }
        Slice slice = new Slice(first, size, step);
        if (shrink == 0) {
            return new Mapped(slice, List.of(c.input(0)));
        }
        throw new NotSupported("shrink-axis mask");
    }

    private static int bound(int at, int n, int step) {
        int from = at < 0 ? at + n : at;
        return step > 0 ? Math.clamp(from, 0, n) : Math.clamp(from, -1, n - 1);
    }

    private static int scalar(OpContext c, int input, String what) {
        int[] v = c.constants(input, what);
        if (v.length != 1) {
            throw new IllegalArgumentException(what + " has " + v.length + " entries, wanted 1");
        }
        return v[0];
    }
}
