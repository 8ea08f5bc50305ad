package ocelli.vector;

import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/** Ungrouped float32 convolutions and fully connected layers. The rows of a pointwise one are read where they lie. */
final class Conv2dF32Vector implements KernelFactory {
    private static final long RESULT_BYTES = 4L * FloatGemm.ROWS * FloatGemm.BLOCK;

    @Override
    public Support supports(KernelRequest r) {
        if (r.inputs().stream().anyMatch(i -> i.type().dtype() != DType.FLOAT32) || r.outputType().dtype() != DType.FLOAT32) {
            return Support.no("operands are not all float32");
        }
        ConvGeometry g = ConvGeometry.of(r);
        if (g.groups() != 1) {
            return Support.no("convolution has " + g.groups() + " groups");
        }
        if (!r.input(1).isConstant() || r.hasInput(2) && !r.input(2).isConstant()) {
            return Support.no("weights or bias are not constant");
        }
        return Support.yes("Conv2dF32Vector", Lanes.TIER,
                RESULT_BYTES + (g.isPointwise() ? 0 : 4L * ConvTiles.of(g, r.threads()).rows() * g.depth()));
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        ConvGeometry g = ConvGeometry.of(r);
        int padded = (g.outC() + FloatGemm.BLOCK - 1) / FloatGemm.BLOCK * FloatGemm.BLOCK;
        MemorySegment bias = memory.packed("bias", 4L * padded, m -> {
            if (r.hasInput(2)) {
                MemorySegment.copy(memory.input(2), 0, m, 0, 4L * g.outC());
            }
        });
        return new Bound(g, ConvTiles.of(g, r.threads()), Gather.f32(g, Lanes.address(memory.input(0), memory)),
                PackedWeights.of(r, g, memory).data().address(), bias.address(), memory.output(0).address(),
                IntStream.range(0, r.threads()).mapToLong(t -> memory.scratch(t).address()).toArray());
    }

    private static final class Bound implements Kernel {
        private final ConvGeometry g;
        private final ConvTiles tiles;
        private final Gather gather;
        private final boolean direct;
        private final long weights;
        private final long bias;
        private final long y;
        private final float low;
        private final float high;
        /** Null when the activation is a clamp. */
        private final PixelFunction function;
        /** For each thread: sums, then gathered rows. */
        private final long[] scratch;

        Bound(ConvGeometry g, ConvTiles tiles, Gather gather, long weights, long bias, long y, long[] scratch) {
            this.g = g;
            this.tiles = tiles;
            this.gather = gather;
            this.direct = g.isPointwise();
            this.weights = weights;
            this.bias = bias;
            this.y = y;
            this.low = g.activation().min();
            this.high = g.activation().max();
            this.function = g.activation().function().map(f -> new PixelFunction(f, g, y)).orElse(null);
            this.scratch = scratch;
        }

        @Override
        public int tiles() {
            return tiles.count();
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int t = begin; t < end; t++) {
                int first = t % tiles.rowTiles() * tiles.rows();
                int count = Math.min(tiles.rows(), g.outPixels() - first);
                if (!direct) {
                    gather.run(first, count, scratch[worker] + RESULT_BYTES);
                }
                int block = t / tiles.rowTiles() * tiles.blocks();
                int last = Math.min(block + tiles.blocks(), (g.outC() + FloatGemm.BLOCK - 1) / FloatGemm.BLOCK);
                int from = block * FloatGemm.BLOCK;
                for (; block < last; block++) {
                    block(block, first, count, scratch[worker]);
                }
                if (function != null) {
                    // The sums are stored by now, and leave their room to the function.
                    function.run(first, count, from, Math.min(last * FloatGemm.BLOCK, g.outC()), scratch[worker]);
                }
            }
        }

        /** All rows of a tile by one block of channels. The last group of six overlaps the one before. */
        private void block(int block, int first, int count, long sums) {
            long stride = 4L * (direct ? g.inPixelStride() : g.depth());
            long a = direct ? gather.x() + first * stride : sums + RESULT_BYTES;
            long b = weights + 4L * block * g.depth() * FloatGemm.BLOCK;
            if (count < FloatGemm.ROWS) {
                for (int i = 0; i < count; i++) {
                    FloatGemm.one(a + i * stride, b, g.depth(), sums);
                    store(block, first + i, 1, sums);
                }
                return;
            }
            for (int i = 0; i < count; i += FloatGemm.ROWS) {
                int row = Math.min(i, count - FloatGemm.ROWS);
                FloatGemm.six(a + row * stride, stride, b, g.depth(), sums);
                store(block, first + row, FloatGemm.ROWS, sums);
            }
        }

        private void store(int block, int pixel, int height, long sums) {
            int c = block * FloatGemm.BLOCK;
            int channels = Math.min(FloatGemm.BLOCK, g.outC() - c);
            for (int r = 0; r < height; r++) {
                long to = y + 4L * ((long) (pixel + r) * g.outPixelStride() + c);
                long from = sums + 4L * r * FloatGemm.BLOCK;
                int i = 0;
                for (; i + Lanes.N <= channels; i += Lanes.N) {
                    FloatVector v = Lanes.floats(from + 4L * i).add(Lanes.floats(bias + 4L * (c + i)));
                    Lanes.store(v.max(low).min(high), to + 4L * i);
                }
                for (; i < channels; i++) {
                    float v = Lanes.f32(from + 4L * i) + Lanes.f32(bias + 4L * (c + i));
                    Lanes.f32(to + 4L * i, Math.min(Math.max(v, low), high));
                }
            }
        }
    }
}
