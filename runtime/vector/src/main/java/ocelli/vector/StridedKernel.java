package ocelli.vector;

import ocelli.core.kernel.StridedLoops;
import ocelli.core.kernel.Tiling;

/** Elements whose neighbours in a row do not come from neighbours, such as those of a transposed matrix, square by square. */
final class StridedKernel extends LoopKernel {
    private static final int SIDE = 16;

    private final int bytes;
    private final long step;
    private final byte[] table;

    /** @param table what becomes of each byte, or null */
    StridedKernel(StridedLoops loops, Tiling tiling, long x, long y, int bytes, byte[] table) {
        super(loops, tiling, x, 0, y, bytes, bytes);
        this.bytes = bytes;
        this.step = loops.runSteps()[0] * bytes;
        this.table = table;
    }

    @Override
    void rows(long x, long b, long y, int count, int n, int worker) {
        for (int r = 0; r < count; r += SIDE) {
            int last = Math.min(r + SIDE, count);
            for (int c = 0; c < n; c += SIDE) {
                for (int i = r; i < last; i++) {
                    row(x + i * rowA + c * step, 0, y + i * rowY + (long) c * bytes, Math.min(SIDE, n - c), worker);
                }
            }
        }
    }

    @Override
    void row(long x, long b, long y, int n, int worker) {
        switch (bytes) {
            case 1 -> bytes(x, y, n);
            case 2 -> {
                for (int i = 0; i < n; i++) {
                    Lanes.i16(y + 2L * i, Lanes.i16(x + i * step));
                }
            }
            case 4 -> {
                for (int i = 0; i < n; i++) {
                    Lanes.i32(y + 4L * i, Lanes.i32(x + i * step));
                }
            }
            default -> {
                for (int i = 0; i < n; i++) {
                    Lanes.i64(y + 8L * i, Lanes.i64(x + i * step));
                }
            }
        }
    }

    private void bytes(long x, long y, int n) {
        for (int i = 0; i < n; i++) {
            byte v = Lanes.i8(x + i * step);
            Lanes.i8(y + i, table == null ? v : table[v & 0xff]);
        }
    }
}
