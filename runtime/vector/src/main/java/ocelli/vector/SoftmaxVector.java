package ocelli.vector;

import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Softmax;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.QuantTables;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** Softmax over the last dimension, float32 and 8-bit. */
final class SoftmaxVector implements KernelFactory {
    /** Elements of a tile. */
    private static final int TILE = 1 << 13;
    private static final long STEP = 4L * Lanes.N;
    /** Fewest elements of a float32 softmax. */
    private static final int LEAST = 2048;

    @Override
    public Support supports(KernelRequest r) {
        TensorType x = r.inputType(0);
        TensorType y = r.outputType();
        boolean floats = x.dtype() == DType.FLOAT32 && y.dtype() == DType.FLOAT32;
        // Below, the compiler may not see enough runs to keep vectors off the heap, and there is little to gain.
        return !r.isDense() ? Support.no("operands are not dense")
                : floats && x.shape().elements() < LEAST ? Support.no("fewer than " + LEAST + " elements")
                : floats ? Support.yes("SoftmaxF32Vector", Lanes.TIER, STEP)
                : x.isQuantized8() && y.isQuantized8() ? Support.yes("SoftmaxQ8Vector", Lanes.TIER)
                : Support.no("input is " + x.dtype().label() + ", output is " + y.dtype().label());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        TensorType type = r.inputType(0);
        float beta = ((Softmax) r.op()).beta();
        int depth = type.shape().channels();
        int rows = depth == 0 ? 0 : type.shape().elements() / depth;
        long x = Lanes.address(memory.input(0), memory);
        long y = memory.output(0).address();
        if (type.dtype() == DType.FLOAT32) {
            return new Floats(rows, depth, Math.max(1, TILE / Math.max(depth, 1)), beta, x, y,
                    IntStream.range(0, r.threads()).mapToLong(t -> memory.scratch(t).address()).toArray());
        }
        return new Bytes(rows, depth, Math.max(1, TILE / Math.max(depth, 1)),
                QuantTables.exponentials((double) beta * type.quant().scale()),
                type.dtype() == DType.INT8, r.outputType().quant().scale(), Requantizer.of(1, r.outputType(), Activation.NONE), x, y);
    }

    private record Floats(int rows, int depth, int perTile, float beta, long x, long y, long[] scratch) implements Kernel {
        @Override
        public int tiles() {
            return Math.max(1, (rows + perTile - 1) / perTile);
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int tile = begin; tile < end; tile++) {
                int first = tile * perTile;
                int last = Math.min(first + perTile, rows);
                for (int r = first; r < last; r++) {
                    distances(x + 4L * r * depth, y + 4L * r * depth);
                }
                // All rows at once, for most are shorter than a vector.
                exponentials(y + 4L * first * depth, 4L * (last - first) * depth, scratch[worker]);
                for (int r = first; r < last; r++) {
                    normalise(y + 4L * r * depth);
                }
            }
        }

        /** beta · (x − the largest). */
        private void distances(long from, long to) {
            int i = 0;
            float most = Float.NEGATIVE_INFINITY;
            if (depth >= Lanes.N) {
                FloatVector v = Lanes.floats(from);
                for (i = Lanes.N; i + Lanes.N <= depth; i += Lanes.N) {
                    v = v.max(Lanes.floats(from + 4L * i));
                }
                most = v.reduceLanes(VectorOperators.MAX);
            }
            for (; i < depth; i++) {
                most = Math.max(most, Lanes.f32(from + 4L * i));
            }
            i = 0;
            for (; i + Lanes.N <= depth; i += Lanes.N) {
                Lanes.store(Lanes.floats(from + 4L * i).sub(most).mul(beta), to + 4L * i);
            }
            for (; i < depth; i++) {
                Lanes.f32(to + 4L * i, (Lanes.f32(from + 4L * i) - most) * beta);
            }
        }

        private static void exponentials(long at, long bytes, long scratch) {
            long whole = bytes / STEP * STEP;
            exponentials(at, whole);
            if (whole < bytes) {
                for (long i = 0; i < STEP; i += 4) {
                    Lanes.f32(scratch + i, whole + i < bytes ? Lanes.f32(at + whole + i) : 0);
                }
                exponentials(scratch, STEP);
                for (long i = whole; i < bytes; i += 4) {
                    Lanes.f32(at + i, Lanes.f32(scratch + i - whole));
                }
            }
        }

        private static void exponentials(long at, long bytes) {
            for (long i = 0; i < bytes; i += STEP) {
                Lanes.store(FloatFunctions.expNormal(Lanes.floats(at + i)), at + i);
            }
        }

        private void normalise(long row) {
            float sum = 0;
            int i = 0;
            if (depth >= Lanes.N) {
                FloatVector v = Lanes.floats(row);
                for (i = Lanes.N; i + Lanes.N <= depth; i += Lanes.N) {
                    v = v.add(Lanes.floats(row + 4L * i));
                }
                sum = v.reduceLanes(VectorOperators.ADD);
            }
            for (; i < depth; i++) {
                sum += Lanes.f32(row + 4L * i);
            }
            float scale = 1 / sum;
            i = 0;
            for (; i + Lanes.N <= depth; i += Lanes.N) {
                Lanes.store(Lanes.floats(row + 4L * i).mul(scale), row + 4L * i);
            }
            for (; i < depth; i++) {
                Lanes.f32(row + 4L * i, Lanes.f32(row + 4L * i) * scale);
            }
        }
    }

    /** The rule of the reference: the sum is an exact integer. Plain Java, for look-ups take the time. */
    private record Bytes(int rows, int depth, int perTile, int[] table, boolean signed, float scale, Requantizer rule, long x, long y)
            implements Kernel {
        @Override
        public int tiles() {
            return Math.max(1, (rows + perTile - 1) / perTile);
        }

        @Override
        public void run(int begin, int end, int worker) {
            int flip = signed ? 0 : -128;
            for (long r = (long) begin * perTile; r < Math.min((long) end * perTile, rows); r++) {
                int most = Byte.MIN_VALUE;
                for (int c = 0; c < depth; c++) {
                    most = Math.max(most, (byte) (Lanes.i8(x + r * depth + c) ^ flip));
                }
                long sum = 0;
                for (int c = 0; c < depth; c++) {
                    sum += table[most - (byte) (Lanes.i8(x + r * depth + c) ^ flip)];
                }
                float factor = (float) (1 / ((double) sum * scale));
                for (int c = 0; c < depth; c++) {
                    int e = table[most - (byte) (Lanes.i8(x + r * depth + c) ^ flip)];
                    Lanes.i8(y + r * depth + c, (byte) rule.apply(e, factor));
                }
            }
        }
    }
}
