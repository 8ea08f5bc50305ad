package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Expand;
import ocelli.core.graph.DepthToSpace;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Slice;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Split;
import ocelli.core.graph.Tile;
import ocelli.core.graph.Transpose;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.QuantTables;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Every operator that only moves elements: for each element of an output the index of its source element is worked out
 * once, at bind. Works on all element types; 8-bit tensors are requantised on the way when their scales differ.
 */
final class MovementReference implements KernelFactory {
    /** Source index of an element that a Pad adds. */
    private static final int FILL = -1;

    @Override
    public Support supports(KernelRequest r) {
        if (!r.isDense()) {
            return Support.no("operands are not dense");
        }
        TensorType in = r.inputType(0);
        boolean resample = r.op() instanceof Resize resize && resize.kind() != Resize.Kind.NEAREST;
        if (resample) {
            return Support.no("interpolation is not a movement");
        }
        boolean fits = r.outputs().stream().allMatch(o -> o.type().dtype() == in.dtype()
                && (in.isQuantized8() == o.type().isQuantized8() || r.op() instanceof Reinterpret));
        return fits ? Support.yes("MovementReference", "java") : Support.no("input is " + in + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        MemorySegment[] outputs = new MemorySegment[r.outputs().size()];
        int[][] sources = new int[outputs.length][];
        byte[][] tables = new byte[outputs.length][];
        for (int i = 0; i < outputs.length; i++) {
            TensorType out = r.outputs().get(i).type();
            outputs[i] = memory.output(i);
            sources[i] = sources(r.op(), r.inputType(0).shape(), out.shape(), i);
            boolean rescale = out.isQuantized8() && !(r.op() instanceof Reinterpret) && !out.quant().equals(r.inputType(0).quant());
            tables[i] = rescale ? QuantTables.requantize(r.inputType(0), out) : null;
        }
        return new Bound(memory.input(0), outputs, sources, tables, fill(r), r.outputType().dtype().bytes());
    }

    /** The element that a Pad adds, as it lies in memory, in the lowest bytes. */
    private static long fill(KernelRequest r) {
        if (!(r.op() instanceof Pad pad)) {
            return 0;
        }
        TensorType t = r.outputType();
        return switch (t.dtype()) {
            case FLOAT32 -> Float.floatToRawIntBits(pad.value());
            case FLOAT16 -> Float.floatToFloat16(pad.value());
            case FLOAT64 -> Double.doubleToRawLongBits(pad.value());
            case INT8, UINT8 -> t.isQuantized8()
                    ? (long) Math.clamp(Math.rint(pad.value() / (double) t.quant().scale()) + t.quant().zeroPoint(),
                            t.dtype().min(), t.dtype().max())
                    : (long) pad.value();
            default -> (long) pad.value();
        };
    }

    private static int[] sources(Op op, Shape in, Shape out, int output) {
        int[] strides = in.strides();
        int[] at = new int[out.rank()];
        int[] sources = new int[out.elements()];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = source(op, in, strides, out, at, output);
            for (int d = out.rank() - 1; d >= 0 && ++at[d] == out.dim(d); d--) {
                at[d] = 0;
            }
        }
        return sources;
    }

    private static int source(Op op, Shape in, int[] strides, Shape out, int[] at, int output) {
        return switch (op) {
            case Transpose t -> dot(at, i -> strides[t.perm().get(i)]);
            case Tile t -> sum(at, i -> at[i] % in.dim(i) * strides[i]);
            case Slice s -> sum(at, i -> (s.begin().get(i) + at[i] * s.step().get(i)) * strides[i]);
            case Split s -> {
                int begin = s.sizes().subList(0, output).stream().mapToInt(Integer::intValue).sum();
                yield dot(at, i -> strides[i]) + begin * strides[in.axis(s.axis())];
            }
            case Pad p -> {
                for (int i = 0; i < at.length; i++) {
                    int from = at[i] - p.before().get(i);
                    if (from < 0 || from >= in.dim(i)) {
                        yield FILL;
                    }
                }
                yield sum(at, i -> (at[i] - p.before().get(i)) * strides[i]);
            }
            case DepthToSpace d -> {
                int b = d.block();
                int c = (at[1] % b * b + at[2] % b) * out.dim(3) + at[3];
                yield at[0] * strides[0] + at[1] / b * strides[1] + at[2] / b * strides[2] + c;
            }
            case SpaceToDepth s -> {
                int b = s.block();
                int c = at[3] % in.dim(3);
                int cell = at[3] / in.dim(3);
                yield at[0] * strides[0] + (at[1] * b + cell / b) * strides[1] + (at[2] * b + cell % b) * strides[2] + c;
            }
            case Resize r -> at[0] * strides[0] + r.rule().nearest(at[1], in.dim(1), out.dim(1), true) * strides[1]
                    + r.rule().nearest(at[2], in.dim(2), out.dim(2), false) * strides[2] + at[3];
            case ChannelShuffle c -> {
                int channel = at[at.length - 1];
                int n = out.channels() / c.groups();
                yield dot(at, i -> strides[i]) + channel % c.groups() * n + channel / c.groups() - channel;
            }
            case Expand _ -> sum(at, i -> i < at.length - in.rank() || in.dim(i - at.length + in.rank()) == 1 ? 0
                    : at[i] * strides[i - at.length + in.rank()]);
            // What is left keeps the order of the elements: Reshape.
            default -> {
                int[] outStrides = out.strides();
                yield dot(at, i -> outStrides[i]);
            }
        };
    }

    private interface Term {
        int at(int dimension);
    }

    private static int sum(int[] at, Term term) {
        int sum = 0;
        for (int i = 0; i < at.length; i++) {
            sum += term.at(i);
        }
        return sum;
    }

    private static int dot(int[] at, Term stride) {
        return sum(at, i -> at[i] * stride.at(i));
    }

    private record Bound(MemorySegment x, MemorySegment[] outputs, int[][] sources, byte[][] tables, long fill, int bytes)
            implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int o = 0; o < outputs.length; o++) {
                for (int i = 0; i < sources[o].length; i++) {
                    move(outputs[o], sources[o][i], i, tables[o]);
                }
            }
        }

        private void move(MemorySegment y, int from, int to, byte[] table) {
            switch (bytes) {
                case 1 -> {
                    byte b = from == FILL ? (byte) fill : x.get(ValueLayout.JAVA_BYTE, from);
                    y.set(ValueLayout.JAVA_BYTE, to, table == null || from == FILL ? b : table[b & 0xff]);
                }
                case 2 -> y.set(ValueLayout.JAVA_SHORT_UNALIGNED, to * 2L,
                        from == FILL ? (short) fill : x.get(ValueLayout.JAVA_SHORT_UNALIGNED, from * 2L));
                case 4 -> y.set(ValueLayout.JAVA_INT_UNALIGNED, to * 4L,
                        from == FILL ? (int) fill : x.get(ValueLayout.JAVA_INT_UNALIGNED, from * 4L));
                default -> y.set(ValueLayout.JAVA_LONG_UNALIGNED, to * 8L,
                        from == FILL ? fill : x.get(ValueLayout.JAVA_LONG_UNALIGNED, from * 8L));
            }
        }
    }
}
