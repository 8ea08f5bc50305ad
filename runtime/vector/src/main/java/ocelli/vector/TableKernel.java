package ocelli.vector;

import ocelli.core.kernel.StridedLoops;
import ocelli.core.kernel.Tiling;

/** Each byte replaced by a table's. Plain Java: the Vector API has no look-up of 256 entries that is faster. */
final class TableKernel extends LoopKernel {
    private final byte[] table;

    TableKernel(StridedLoops loops, Tiling tiling, long x, long y, byte[] table) {
        super(loops, tiling, x, 0, y, 1, 1);
        this.table = table;
    }

    @Override
    void row(long x, long b, long y, int n, int worker) {
        for (int i = 0; i < n; i++) {
            Lanes.i8(y + i, table[Lanes.i8(x + i) & 0xff]);
        }
    }
}
