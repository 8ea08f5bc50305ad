package ocelli.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/**
 * Weights [O, depth] in blocks of output channels, and where in a window the elements of the depth lie. 8-bit weights come
 * without their zero point; missing channels and elements are zeros.
 *
 * @param blocks  the blocks in the order of their channels
 * @param offsets for each element of the depth the bytes from a window's first element
 * @param pairs   likewise for each pair of neighbours
 */
record ConvWeights(List<Block> blocks, int[] offsets, int[] pairs) {
    /** How a block of channels is multiplied. */
    enum Kind {
        /** Two vectors of channels. */
        DOUBLE(2 * Lanes.N),
        /** One vector. */
        SINGLE(Lanes.N),
        /** Half a vector: each channel's lane is next to another for the depth's odd elements. */
        HALF(Lanes.N / 2);

        private final int channels;

        Kind(int channels) {
            this.channels = channels;
        }
    }

    /**
     * Some output channels.
     *
     * @param first   the first of them
     * @param count   how many there are
     * @param address of the weights: those of an element of the depth lie together
     */
    record Block(Kind kind, int first, int count, long address) {
    }

    /** The depth as runs of neighbours. @param at bytes from the window's first element */
    private record Run(long at, int first, int length) {
    }

    /**
     * @param pixel    bytes from pixel to pixel of what the windows are read from
     * @param row      bytes from row to row
     * @param narrow   whether blocks of one vector or half of one may be used
     * @param overread whether a pair may reach one element beyond its run
     */
    static ConvWeights of(KernelRequest r, ConvGeometry g, long pixel, long row, boolean narrow, boolean overread, KernelMemory memory) {
        List<Run> runs = runs(g, pixel, row);
        boolean half = narrow && runs.stream().allMatch(run -> overread || run.length % 2 == 0);
        int steps = runs.stream().mapToInt(run -> (run.length + 1) / 2).sum();
        int[] offsets = new int[g.depth()];
        int[] pairs = new int[steps];
        int pair = 0;
        for (Run run : runs) {
            for (int i = 0; i < run.length; i++) {
                offsets[run.first + i] = Math.toIntExact(run.at + 4L * i);
            }
            for (int i = 0; i < run.length; i += 2) {
                pairs[pair++] = Math.toIntExact(run.at + 4L * i);
            }
        }
        List<Block> blocks = new ArrayList<>();
        for (int c = 0; c < g.outC(); ) {
            Kind kind = kind(g.outC() - c, narrow, half);
            int count = Math.min(kind.channels, g.outC() - c);
            blocks.add(new Block(kind, c, count, kind == Kind.HALF ? paired(r, g, c, count, runs, steps, memory) : plain(r, g, c, count, kind, memory)));
            c += count;
        }
        return new ConvWeights(List.copyOf(blocks), offsets, pairs);
    }

    private static List<Run> runs(ConvGeometry g, long pixel, long row) {
        List<Run> runs = new ArrayList<>();
        boolean joined = g.window().dilationW() == 1 && pixel == 4L * g.inC();
        int columns = joined ? 1 : g.window().kernelW();
        int length = joined ? g.window().kernelW() * g.inC() : g.inC();
        for (int ky = 0; ky < g.window().kernelH(); ky++) {
            for (int kx = 0; kx < columns; kx++) {
                runs.add(new Run(ky * g.window().dilationH() * row + kx * g.window().dilationW() * pixel, (ky * columns + kx) * length, length));
            }
        }
        return runs;
    }

    private static Kind kind(int left, boolean narrow, boolean half) {
        if (!narrow || left > (half ? Lanes.N + Lanes.N / 2 : Lanes.N)) {
            return Kind.DOUBLE;
        }
        return left > Lanes.N / 2 || !half ? Kind.SINGLE : Kind.HALF;
    }

    private static long plain(KernelRequest r, ConvGeometry g, int first, int count, Kind kind, KernelMemory memory) {
        MemorySegment raw = memory.input(1);
        return memory.packed("weights " + kind + " " + first, 4L * kind.channels * g.depth(), packed -> {
            for (int c = 0; c < count; c++) {
                for (int d = 0; d < g.depth(); d++) {
                    packed.setAtIndex(ValueLayout.JAVA_FLOAT, (long) d * kind.channels + c,
                            weight(r.inputType(1), raw, first + c, (long) (first + c) * g.depth() + d));
                }
            }
        }).address();
    }

    private static long paired(KernelRequest r, ConvGeometry g, int first, int count, List<Run> runs, int steps, KernelMemory memory) {
        MemorySegment raw = memory.input(1);
        return memory.packed("weights in pairs of " + runs.size() + " runs " + first, 4L * Lanes.N * steps, packed -> {
            for (int c = 0; c < count; c++) {
                long to = 2L * c;
                for (Run run : runs) {
                    for (int i = 0; i < run.length; i++) {
                        packed.setAtIndex(ValueLayout.JAVA_FLOAT, to + (long) i / 2 * Lanes.N + i % 2,
                                weight(r.inputType(1), raw, first + c, (long) (first + c) * g.depth() + run.first + i));
                    }
                    to += (run.length + 1L) / 2 * Lanes.N;
                }
            }
        }).address();
    }

    /** A weight as a number, without its channel's zero point. */
    static float weight(TensorType type, MemorySegment raw, int channel, long i) {
        if (type.dtype() == DType.FLOAT32) {
            return raw.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i);
        }
        byte b = raw.get(ValueLayout.JAVA_BYTE, i);
        return (type.dtype() == DType.INT8 ? b : b & 0xff) - type.quant().zeroPoint(channel);
    }

    /** Output channels and those that the last block may have beyond them. */
    static int padded(ConvGeometry g) {
        return g.outC() + Kind.DOUBLE.channels;
    }

    /** The largest absolute value of an 8-bit activation without its zero point. */
    static int largest(TensorType x) {
        return Math.max(x.dtype().max() - x.quant().zeroPoint(), x.quant().zeroPoint() - x.dtype().min());
    }
}
