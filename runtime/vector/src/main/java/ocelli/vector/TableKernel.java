package ocelli.vector;

/** Each byte replaced by a table's. Plain Java: the Vector API has no look-up of 256 entries that is faster. */
final class TableKernel extends ChunkedKernel {
    private final long x;
    private final long y;
    private final byte[] table;

    TableKernel(int count, long x, long y, byte[] table) {
        super(count, 1);
        this.x = x;
        this.y = y;
        this.table = table;
    }

    @Override
    void piece(int first, int second, int n) {
        for (int i = first; i < first + n; i++) {
            Lanes.i8(y + i, table[Lanes.i8(x + i) & 0xff]);
        }
    }
}
