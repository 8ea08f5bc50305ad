package ocelli.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Each byte replaced by a table's. Plain Java: the Vector API has no look-up of 256 entries that is faster. */
final class TableKernel extends ChunkedKernel {
    private final MemorySegment x;
    private final MemorySegment y;
    private final byte[] table;

    TableKernel(MemorySegment x, MemorySegment y, byte[] table) {
        super(elements(y, 1), 1);
        this.x = x;
        this.y = y;
        this.table = table;
    }

    @Override
    void piece(int first, int second, int n) {
        for (int i = first; i < first + n; i++) {
            y.set(ValueLayout.JAVA_BYTE, i, table[x.get(ValueLayout.JAVA_BYTE, i) & 0xff]);
        }
    }
}
