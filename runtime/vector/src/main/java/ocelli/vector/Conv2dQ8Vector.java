package ocelli.vector;

import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/**
 * Ungrouped 8-bit convolutions and fully connected layers by fused multiply-add in float32, which is exact while no sum
 * exceeds 2^24: deeper sums go in parts that are added as int32. The Vector API has no product of bytes that is as fast.
 */
final class Conv2dQ8Vector implements KernelFactory {
    private static final int EXACT = 1 << 24;
    private static final long RESULT_BYTES = 4L * FloatGemm.ROWS * FloatGemm.BLOCK;

    @Override
    public Support supports(KernelRequest r) {
        if (!r.inputType(0).isQuantized8() || !r.inputType(1).isQuantized8() || !r.outputType().isQuantized8()) {
            return Support.no("operands are not all quantised 8-bit");
        }
        ConvGeometry g = ConvGeometry.of(r);
        if (g.groups() != 1) {
            return Support.no("convolution has " + g.groups() + " groups");
        }
        if (!r.input(1).isConstant() || r.hasInput(2) && !r.input(2).isConstant()) {
            return Support.no("weights or bias are not constant");
        }
        return Support.yes("Conv2dQ8Vector", Lanes.TIER, 2 * RESULT_BYTES + 4L * ConvTiles.of(g, r.threads()).rows() * g.depth());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        ConvGeometry g = ConvGeometry.of(r);
        TensorType x = r.inputType(0);
        PackedWeights weights = PackedWeights.of(r, g, memory);
        float largestX = Math.max(x.dtype().max() - x.quant().zeroPoint(), x.quant().zeroPoint() - x.dtype().min());
        int part = Math.clamp((long) (EXACT / Math.max(1, largestX * weights.largest())), 1, g.depth());
        int padded = (g.outC() + FloatGemm.BLOCK - 1) / FloatGemm.BLOCK * FloatGemm.BLOCK;
        Requantizer rule = Requantizer.ofWeights(x, r.inputType(1), g.outC(), r.outputType(), g.activation());
        MemorySegment bias = r.hasInput(2) ? memory.input(2) : null;
        return new Bound(g, ConvTiles.of(g, r.threads()), Gather.q8(g, Lanes.address(memory.input(0), memory), x.dtype() == DType.INT8, x.quant().zeroPoint()),
                weights.data().address(), part, Requantize.of(rule, bias, g.outC(), padded, memory), memory.output(0).address(),
                IntStream.range(0, r.threads()).mapToLong(t -> memory.scratch(t).address()).toArray());
    }

    private static final class Bound implements Kernel {
        private final ConvGeometry g;
        private final ConvTiles tiles;
        private final Gather gather;
        private final long weights;
        /** Depth that is exact in float32. */
        private final int part;
        private final Requantize requantize;
        private final long y;
        /** For each thread: float32 products of a part, then int32 sums of all parts, then gathered rows. */
        private final long[] scratch;

        Bound(ConvGeometry g, ConvTiles tiles, Gather gather, long weights, int part, Requantize requantize, long y, long[] scratch) {
            this.g = g;
            this.tiles = tiles;
            this.gather = gather;
            this.weights = weights;
            this.part = part;
            this.requantize = requantize;
            this.y = y;
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
                long products = scratch[worker];
                gather.run(first, count, products + 2 * RESULT_BYTES);
                int block = t / tiles.rowTiles() * tiles.blocks();
                int last = Math.min(block + tiles.blocks(), (g.outC() + FloatGemm.BLOCK - 1) / FloatGemm.BLOCK);
                for (; block < last; block++) {
                    block(block, first, count, products);
                }
            }
        }

        /** All rows of a tile by one block of channels. The last group of six overlaps the one before. */
        private void block(int block, int first, int count, long products) {
            if (count < FloatGemm.ROWS) {
                for (int i = 0; i < count; i++) {
                    multiply(block, i, 1, products);
                    store(block, first + i, 1, products + RESULT_BYTES);
                }
                return;
            }
            for (int i = 0; i < count; i += FloatGemm.ROWS) {
                int row = Math.min(i, count - FloatGemm.ROWS);
                multiply(block, row, FloatGemm.ROWS, products);
                store(block, first + row, FloatGemm.ROWS, products + RESULT_BYTES);
            }
        }

        private void multiply(int block, int row, int height, long products) {
            long stride = 4L * g.depth();
            long a = products + 2 * RESULT_BYTES + row * stride;
            for (int d = 0; d < g.depth(); d += part) {
                int depth = Math.min(part, g.depth() - d);
                long b = weights + ((long) block * g.depth() + d) * FloatGemm.BLOCK * 4;
                if (height == 1) {
                    FloatGemm.one(a + 4L * d, b, depth, products);
                } else {
                    FloatGemm.six(a + 4L * d, stride, b, depth, products);
                }
                add(products, products + RESULT_BYTES, height * FloatGemm.BLOCK, d > 0);
            }
        }

        private static void add(long products, long sums, int count, boolean more) {
            for (long i = 0; i < 4L * count; i += 4L * Lanes.N) {
                IntVector v = (IntVector) Lanes.floats(products + i).convert(VectorOperators.F2I, 0);
                Lanes.store(more ? v.add(Lanes.ints(sums + i)) : v, sums + i);
            }
        }

        private void store(int block, int pixel, int height, long sums) {
            int c = block * FloatGemm.BLOCK;
            int channels = Math.min(FloatGemm.BLOCK, g.outC() - c);
            for (int r = 0; r < height; r++) {
                long to = y + (long) (pixel + r) * g.outPixelStride() + c;
                int i = 0;
                for (; i + Lanes.N <= channels; i += Lanes.N) {
                    Lanes.intsToBytes(requantize.apply(Lanes.ints(sums + 4L * (r * FloatGemm.BLOCK + i)), c + i), to + i);
                }
                for (; i < channels; i++) {
                    Lanes.i8(to + i, requantize.apply(Lanes.i32(sums + 4L * (r * FloatGemm.BLOCK + i)), c + i));
                }
            }
        }
    }
}
