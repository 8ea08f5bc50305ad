package ocelli.vector;

import jdk.incubator.vector.FloatVector;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.MatrixPlaces;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/** Products of float32 matrices, any of them known only when the model runs. A tile is some rows of one matrix of the result. */
final class MatMulVector implements KernelFactory {
    /** Multiply-adds of a tile: about 10 µs of work, so that waking a thread pays. */
    private static final long TILE = 1 << 18;
    /** Rows that go together. */
    private static final int ROWS = 4;

    @Override
    public Support supports(KernelRequest r) {
        boolean floats = r.inputs().stream().allMatch(i -> i.type().dtype() == DType.FLOAT32) && r.outputType().dtype() == DType.FLOAT32;
        return !r.isDense() ? Support.no("operands are not dense")
                : floats ? Support.yes("MatMulF32Vector", Lanes.TIER) : Support.no("operands are not all float32");
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        MatrixPlaces p = MatrixPlaces.of(r);
        int rows = Math.clamp(TILE / Math.max(1, (long) p.k() * p.n()) / ROWS * ROWS, ROWS, Math.max(p.m(), ROWS));
        return new Bound(p, rows, Math.max(1, (p.m() + rows - 1) / rows), Lanes.address(memory.input(0), memory),
                Lanes.address(memory.input(1), memory), memory.output(0).address());
    }

    private record Bound(MatrixPlaces p, int rows, int perMatrix, long a, long b, long y) implements Kernel {
        @Override
        public int tiles() {
            return Math.max(1, perMatrix * p.a().length);
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int tile = begin; tile < Math.min(end, perMatrix * p.a().length); tile++) {
                int matrix = tile / perMatrix;
                int row = tile % perMatrix * rows;
                int last = Math.min(row + rows, p.m());
                long to = y + 4L * matrix * p.m() * p.n();
                for (; row + ROWS <= last; row += ROWS) {
                    four(a + 4 * (p.a()[matrix] + (long) row * p.k()), b + 4 * p.b()[matrix], to + 4L * row * p.n());
                }
                for (; row < last; row++) {
                    one(a + 4 * (p.a()[matrix] + (long) row * p.k()), b + 4 * p.b()[matrix], to + 4L * row * p.n());
                }
            }
        }

        private void four(long from, long columns, long to) {
            int c = 0;
            for (; c + Lanes.N <= p.n(); c += Lanes.N) {
                vectors(from, columns + 4L * c, to + 4L * c);
            }
            for (; c < p.n(); c++) {
                for (int r = 0; r < ROWS; r++) {
                    element(from + 4L * r * p.k(), columns + 4L * c, to + 4L * r * p.n() + 4L * c);
                }
            }
        }

        private void vectors(long from, long column, long to) {
            long rowA = 4L * p.k();
            long rowB = 4L * p.n();
            FloatVector s0 = FloatVector.zero(Lanes.F);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            long w = column;
            for (long i = from; i < from + rowA; i += 4) {
                FloatVector v = Lanes.floats(w);
                s0 = FloatVector.broadcast(Lanes.F, Lanes.f32(i)).fma(v, s0);
                s1 = FloatVector.broadcast(Lanes.F, Lanes.f32(i + rowA)).fma(v, s1);
                s2 = FloatVector.broadcast(Lanes.F, Lanes.f32(i + 2 * rowA)).fma(v, s2);
                s3 = FloatVector.broadcast(Lanes.F, Lanes.f32(i + 3 * rowA)).fma(v, s3);
                w += rowB;
            }
            Lanes.store(s0, to);
            Lanes.store(s1, to + rowB);
            Lanes.store(s2, to + 2 * rowB);
            Lanes.store(s3, to + 3 * rowB);
        }

        private void one(long from, long columns, long to) {
            int c = 0;
            for (; c + Lanes.N <= p.n(); c += Lanes.N) {
                FloatVector sum = FloatVector.zero(Lanes.F);
                for (int i = 0; i < p.k(); i++) {
                    FloatVector v = FloatVector.broadcast(Lanes.F, Lanes.f32(from + 4L * i));
                    sum = v.fma(Lanes.floats(columns + 4L * ((long) i * p.n() + c)), sum);
                }
                Lanes.store(sum, to + 4L * c);
            }
            for (; c < p.n(); c++) {
                element(from, columns + 4L * c, to + 4L * c);
            }
        }

        private void element(long from, long column, long to) {
            float sum = 0;
            for (int i = 0; i < p.k(); i++) {
                sum = Math.fma(Lanes.f32(from + 4L * i), Lanes.f32(column + 4L * i * p.n()), sum);
            }
            Lanes.f32(to, sum);
        }
    }
}
