package ocelli.vector;

import ocelli.core.kernel.StridedLoops;
import ocelli.core.kernel.Tiling;

/** Rows of elements to other places. */
final class CopyKernel extends LoopKernel {
    /** Bytes from which on the JDK's copy is faster than a loop. */
    private static final int LONG = 512;
    private static final int VECTOR = 4 * Lanes.N;

    private final int bytes;

    CopyKernel(StridedLoops loops, Tiling tiling, long x, long y, int bytes) {
        super(loops, tiling, x, 0, y, bytes, bytes);
        this.bytes = bytes;
    }

    @Override
    void row(long x, long b, long y, int n, int worker) {
        copy(x, y, n * bytes);
    }

    /** The last vector or word overlaps the one before. */
    private static void copy(long x, long y, int n) {
        if (n >= LONG) {
            Lanes.copy(x, y, n);
        } else if (n >= VECTOR) {
            for (int i = 0; i + VECTOR < n; i += VECTOR) {
                Lanes.store(Lanes.floats(x + i), y + i);
            }
            Lanes.store(Lanes.floats(x + n - VECTOR), y + n - VECTOR);
        } else if (n >= Long.BYTES) {
            for (int i = 0; i + Long.BYTES < n; i += Long.BYTES) {
                Lanes.i64(y + i, Lanes.i64(x + i));
            }
            Lanes.i64(y + n - Long.BYTES, Lanes.i64(x + n - Long.BYTES));
        } else if (n >= Integer.BYTES) {
            Lanes.i32(y, Lanes.i32(x));
            Lanes.i32(y + n - Integer.BYTES, Lanes.i32(x + n - Integer.BYTES));
        } else {
            for (int i = 0; i < n; i++) {
                Lanes.i8(y + i, Lanes.i8(x + i));
            }
        }
    }
}
