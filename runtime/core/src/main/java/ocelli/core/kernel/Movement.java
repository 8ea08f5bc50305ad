package ocelli.core.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Concat;
import ocelli.core.graph.DepthToSpace;
import ocelli.core.graph.Expand;
import ocelli.core.graph.Gather;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Sampling;
import ocelli.core.graph.Slice;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Split;
import ocelli.core.graph.Tile;
import ocelli.core.graph.Transpose;
import ocelli.core.kernel.StridedLoops.Axis;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * A part of the work of an operator that only moves elements: loops that copy from one input to one output. Operand 0 of the
 * loops is the input, operand 1 the output.
 *
 * @param input  the input that is read, or −1 where {@link #fill} is written
 * @param output the output that is written
 * @param table  what becomes of each byte of an 8-bit tensor that changes its quantisation, else null
 * @param fill   the element that is written everywhere, little-endian, or null
 */
public record Movement(int input, int output, StridedLoops loops, byte[] table, byte[] fill) {

    /** Why the operator of a request is not a movement of fixed places, or nothing when it is one. */
    public static Optional<String> refusal(KernelRequest r) {
        TensorType x = r.inputType(0);
        if (r.op() instanceof Resize resize && resize.kind() != Resize.Kind.NEAREST) {
            return Optional.of("interpolation is not a movement");
        }
        if (r.op() instanceof Resize resize && resize.rule().coordinates() == Sampling.Coordinates.CROP) {
            return Optional.of("a crop may reach beyond the input");
        }
        if (r.op() instanceof Gather && !r.input(1).isConstant()) {
            return Optional.of("indices are not constant");
        }
        if ((r.op() instanceof Reshape || r.op() instanceof Reinterpret || r.op() instanceof Gather) && !r.isDense()) {
            return Optional.of("operands are not dense");
        }
        int moved = r.op() instanceof Gather ? 1 : r.inputs().size();
        boolean fits = r.inputs().subList(0, moved).stream().allMatch(i -> alike(r, i.type(), x))
                && r.outputs().stream().allMatch(o -> alike(r, o.type(), x));
        return fits ? Optional.empty() : Optional.of("input is " + x + ", output is " + r.outputType());
    }

    private static boolean alike(KernelRequest r, TensorType a, TensorType b) {
        return a.dtype() == b.dtype() && (a.isQuantized8() == b.isQuantized8() || r.op() instanceof Reinterpret);
    }

    /** The parts of a request's work, which together write each element of the outputs once. The request must not be refused. */
    public static List<Movement> of(KernelRequest r) {
        List<Movement> parts = new ArrayList<>();
        long[] x = StridedLoops.strides(r.input(0));
        Shape in = r.inputType(0).shape();
        switch (r.op()) {
            case Concat c -> {
                int axis = r.outputType().shape().axis(c.axis());
                long at = 0;
                for (int i = 0; i < r.inputs().size(); i++) {
                    long[] y = StridedLoops.strides(r.output());
                    Shape shape = r.inputType(i).shape();
                    parts.add(part(r, i, 0, axes(shape, StridedLoops.strides(r.input(i)), y), 0, at * y[axis]));
                    at += shape.dim(axis);
                }
            }
            case Split s -> {
                int axis = in.axis(s.axis());
                long at = 0;
                for (int o = 0; o < r.outputs().size(); o++) {
                    parts.add(part(r, 0, o, axes(r.outputs().get(o).type().shape(), x, StridedLoops.strides(r.outputs().get(o))),
                            at * x[axis], 0));
                    at += s.sizes().get(o);
                }
            }
            case Pad p when p.mode() == Pad.Mode.CONSTANT -> pad(r, p, x, parts);
            default -> {
                long[] begin = {0, 0};
                parts.add(part(r, 0, 0, axes(r, in, x, begin), begin));
            }
        }
        return parts;
    }

    private static Movement part(KernelRequest r, int input, int output, List<Axis> axes, long... begin) {
        TensorType from = r.inputType(input);
        TensorType to = r.outputs().get(output).type();
        boolean rescale = to.isQuantized8() && !(r.op() instanceof Reinterpret) && !to.quant().equals(from.quant());
        return new Movement(input, output, StridedLoops.of(axes, begin), rescale ? QuantTables.requantize(from, to) : null, null);
    }

    /** A loop for each dimension. */
    private static List<Axis> axes(Shape shape, long[] x, long[] y) {
        return IntStream.range(0, shape.rank()).mapToObj(d -> Axis.of(shape.dim(d), x[d], y[d])).toList();
    }

    private interface Places {
        int of(int dimension, int i);
    }

    private static Axis table(int size, long x, long y, int dimension, Places places) {
        return new Axis(size, new long[] {x, y}, IntStream.range(0, size).map(i -> places.of(dimension, i)).toArray());
    }

    /** The loops of an operator with one input and one output. */
    private static List<Axis> axes(KernelRequest r, Shape in, long[] x, long[] begin) {
        Shape out = r.outputType().shape();
        long[] y = StridedLoops.strides(r.output());
        List<Axis> axes = new ArrayList<>();
        switch (r.op()) {
            case Transpose t -> {
                for (int d = 0; d < y.length; d++) {
                    axes.add(Axis.of(out.dim(d), x[t.perm().get(d)], y[d]));
                }
            }
            case Tile t -> {
                for (int d = 0; d < y.length; d++) {
                    axes.add(Axis.of(t.multiples().get(d), 0, y[d] * in.dim(d)));
                    axes.add(Axis.of(in.dim(d), x[d], y[d]));
                }
            }
            case Slice s -> {
                for (int d = 0; d < y.length; d++) {
                    axes.add(Axis.of(out.dim(d), x[d] * s.step().get(d), y[d]));
                    begin[0] += s.begin().get(d) * x[d];
                }
            }
            case Expand _ -> {
                for (int d = 0; d < y.length; d++) {
                    int own = d - y.length + x.length;
                    axes.add(Axis.of(out.dim(d), own < 0 || in.dim(own) == 1 ? 0 : x[own], y[d]));
                }
            }
            case Pad p -> {
                for (int d = 0; d < y.length; d++) {
                    axes.add(table(out.dim(d), x[d], y[d], d, (n, i) -> p.mode() == Pad.Mode.EDGE
                            ? Math.clamp(i - p.before().get(n), 0, in.dim(n) - 1) : mirrored(i - p.before().get(n), in.dim(n))));
                }
            }
            case Resize s -> axes.addAll(List.of(Axis.of(out.dim(0), x[0], y[0]),
                    table(out.dim(1), x[1], y[1], 1, (d, i) -> s.rule().nearest(i, in.dim(d), out.dim(d), true)),
                    table(out.dim(2), x[2], y[2], 2, (d, i) -> s.rule().nearest(i, in.dim(d), out.dim(d), false)),
                    Axis.of(out.dim(3), 1, 1)));
            case DepthToSpace s -> {
                int b = s.block();
                int c = out.dim(3);
                axes.addAll(List.of(Axis.of(in.dim(0), x[0], y[0]), Axis.of(in.dim(1), x[1], b * y[1]), Axis.of(b, (long) b * c, y[1]),
                        Axis.of(in.dim(2), x[2], b * y[2]), Axis.of(b, c, y[2]), Axis.of(c, 1, 1)));
            }
            case SpaceToDepth s -> {
                int b = s.block();
                int c = in.dim(3);
                axes.addAll(List.of(Axis.of(out.dim(0), x[0], y[0]), Axis.of(out.dim(1), b * x[1], y[1]),
                        Axis.of(out.dim(2), b * x[2], y[2]),
                        Axis.of(b, x[1], (long) b * c), Axis.of(b, x[2], c), Axis.of(c, 1, 1)));
            }
            case ChannelShuffle s -> {
                int n = in.channels() / s.groups();
                for (int d = 0; d < y.length - 1; d++) {
                    axes.add(Axis.of(out.dim(d), x[d], y[d]));
                }
                axes.add(Axis.of(n, 1, s.groups()));
                axes.add(Axis.of(s.groups(), n, 1));
            }
            case Gather g -> {
                int a = in.axis(g.axis());
                int rank = r.inputType(1).shape().rank();
                int[] indices = indices(r.input(1));
                for (int d = 0; d < x.length; d++) {
                    int o = d < a ? d : d + rank - 1;
                    axes.add(d != a ? Axis.of(in.dim(d), x[d], y[o])
                            : table(indices.length, x[d], rank == 0 ? 0 : y[a + rank - 1], d, (n, i) -> index(indices[i], in.dim(n))));
                }
            }
            // What is left keeps the order of the elements: Reshape and its kin.
            default -> axes.add(Axis.of(out.elements(), 1, 1));
        }
        return axes;
    }

    private static int mirrored(int i, int size) {
        int at = Math.abs(i);
        return at < size ? at : 2 * (size - 1) - at;
    }

    private static int[] indices(Operand constant) {
        MemorySegment data = constant.constant();
        return IntStream.range(0, constant.type().shape().elements()).map(i -> constant.type().dtype() == DType.INT32
                ? data.get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i)
                : Math.clamp(data.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i), Integer.MIN_VALUE, Integer.MAX_VALUE)).toArray();
    }

    private static int index(int i, int size) {
        return Math.clamp(i < 0 ? (long) i + size : i, 0, Math.max(size - 1, 0));
    }

    /** The input in the middle, and for each dimension a slab before it and one behind. */
    private static void pad(KernelRequest r, Pad p, long[] x, List<Movement> parts) {
        Shape in = r.inputType(0).shape();
        Shape out = r.outputType().shape();
        long[] y = StridedLoops.strides(r.output());
        long inner = 0;
        for (int d = 0; d < y.length; d++) {
            inner += p.before().get(d) * y[d];
        }
        parts.add(part(r, 0, 0, axes(in, x, y), 0, inner));
        byte[] fill = fill(p.value(), r.outputType());
        long begin = 0;
        for (int d = 0; d < y.length; d++) {
            for (boolean behind : new boolean[] {false, true}) {
                int size = (behind ? p.after() : p.before()).get(d);
                List<Axis> axes = new ArrayList<>();
                for (int i = 0; i < y.length; i++) {
                    axes.add(Axis.of(i < d ? in.dim(i) : i == d ? size : out.dim(i), 0, y[i]));
                }
                long at = begin + (behind ? (p.before().get(d) + in.dim(d)) * y[d] : 0);
                parts.add(new Movement(-1, 0, StridedLoops.of(axes, 0, at), null, fill));
            }
            begin += p.before().get(d) * y[d];
        }
    }

    /** A real number as an element of a type. */
    private static byte[] fill(float value, TensorType t) {
        long bits = switch (t.dtype()) {
            case FLOAT32 -> Float.floatToRawIntBits(value);
            case FLOAT16 -> Float.floatToFloat16(value);
            case FLOAT64 -> Double.doubleToRawLongBits(value);
            case INT8, UINT8 -> t.isQuantized8()
                    ? (long) Math.clamp(Math.rint(value / (double) t.quant().scale()) + t.quant().zeroPoint(), t.dtype().min(),
                            t.dtype().max())
                    : (long) value;
            default -> (long) value;
        };
        byte[] fill = new byte[t.dtype().bytes()];
        for (int b = 0; b < fill.length; b++) {
            fill[b] = (byte) (bits >> 8 * b);
        }
        return fill;
    }

    /** True when the elements of a row are neighbours in the input too, so that it is copied as it is. */
    public boolean isCopy() {
        return fill != null || loops.runSteps()[0] == 1;
    }

    /** Elements that a request's movements write. */
    public static long elements(List<Movement> parts) {
        return parts.stream().mapToLong(p -> p.loops.elements()).sum();
    }
}
