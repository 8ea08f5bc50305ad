package ocelli.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
        return Support.yes("Conv2dQ8Vector", VectorProvider.TIER, 2 * RESULT_BYTES + 4L * ConvTiles.of(g, r.threads()).rows() * g.depth());
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
        return new Bound(g, ConvTiles.of(g, r.threads()), Gather.q8(g, memory.input(0), x.dtype() == DType.INT8, x.quant().zeroPoint()),
                weights.data(), part, Requantize.of(rule, bias, g.outC(), padded, memory), memory.output(0),
                IntStream.range(0, r.threads()).mapToObj(memory::scratch).toArray(MemorySegment[]::new));
    }

    private static final class Bound implements Kernel {
        private final ConvGeometry g;
        private final ConvTiles tiles;
        private final Gather gather;
        private final MemorySegment weights;
        /** Depth that is exact in float32. */
        private final int part;
        private final Requantize requantize;
        private final MemorySegment y;
        private final MemorySegment[] products;
        private final MemorySegment[] sums;
        private final MemorySegment[] rows;

        Bound(ConvGeometry g, ConvTiles tiles, Gather gather, MemorySegment weights, int part, Requantize requantize, MemorySegment y,
              MemorySegment[] scratch) {
            this.g = g;
            this.tiles = tiles;
            this.gather = gather;
            this.weights = weights;
            this.part = part;
            this.requantize = requantize;
            this.y = y;
            this.products = new MemorySegment[scratch.length];
            this.sums = new MemorySegment[scratch.length];
            this.rows = new MemorySegment[scratch.length];
            for (int t = 0; t < scratch.length; t++) {
                products[t] = scratch[t].asSlice(0, RESULT_BYTES);
                sums[t] = scratch[t].asSlice(RESULT_BYTES, RESULT_BYTES);
                rows[t] = scratch[t].asSlice(2 * RESULT_BYTES);
            }
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
                gather.run(first, count, rows[worker]);
                int block = t / tiles.rowTiles() * tiles.blocks();
                int last = Math.min(block + tiles.blocks(), (g.outC() + FloatGemm.BLOCK - 1) / FloatGemm.BLOCK);
                for (; block < last; block++) {
                    block(block, first, count, worker);
                }
            }
        }

        /** All rows of a tile by one block of channels. The last group of six overlaps the one before. */
        private void block(int block, int first, int count, int worker) {
            if (count < FloatGemm.ROWS) {
                for (int i = 0; i < count; i++) {
                    multiply(block, i, 1, worker);
                    store(block, first + i, 1, worker);
                }
                return;
            }
            for (int i = 0; i < count; i += FloatGemm.ROWS) {
                int row = Math.min(i, count - FloatGemm.ROWS);
                multiply(block, row, FloatGemm.ROWS, worker);
                store(block, first + row, FloatGemm.ROWS, worker);
            }
        }

        private void multiply(int block, int row, int height, int worker) {
            long stride = 4L * g.depth();
            for (int d = 0; d < g.depth(); d += part) {
                int depth = Math.min(part, g.depth() - d);
                long bt = ((long) block * g.depth() + d) * FloatGemm.BLOCK * 4;
                if (height == 1) {
                    FloatGemm.one(rows[worker], row * stride + 4L * d, weights, bt, depth, products[worker]);
                } else {
                    FloatGemm.six(rows[worker], row * stride + 4L * d, stride, weights, bt, depth, products[worker]);
                }
                add(products[worker], sums[worker], height * FloatGemm.BLOCK, d > 0);
            }
        }

        private static void add(MemorySegment products, MemorySegment sums, int count, boolean more) {
            for (long i = 0; i < 4L * count; i += 4L * Lanes.N) {
                IntVector v = (IntVector) Lanes.floats(products, i).convert(VectorOperators.F2I, 0);
                (more ? v.add(Lanes.ints(sums, i)) : v).intoMemorySegment(sums, i, Lanes.ORDER);
            }
        }

        private void store(int block, int pixel, int height, int worker) {
            int c = block * FloatGemm.BLOCK;
            int channels = Math.min(FloatGemm.BLOCK, g.outC() - c);
            for (int r = 0; r < height; r++) {
                long to = (long) (pixel + r) * g.outPixelStride() + c;
                int i = 0;
                for (; i + Lanes.N <= channels; i += Lanes.N) {
                    Lanes.intsToBytes(requantize.apply(Lanes.ints(sums[worker], 4L * (r * FloatGemm.BLOCK + i)), c + i), y, to + i);
                }
                for (; i < channels; i++) {
                    y.set(ValueLayout.JAVA_BYTE, to + i,
                            requantize.apply(sums[worker].get(Lanes.INT, 4L * (r * FloatGemm.BLOCK + i)), c + i));
                }
            }
        }
    }
}
