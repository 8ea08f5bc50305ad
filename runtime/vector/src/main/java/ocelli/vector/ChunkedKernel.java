package ocelli.vector;

import ocelli.core.kernel.Kernel;

/**
 * Element-wise work over a and over b, which starts again when it ends. Tiles are runs of elements in which b does not start
 * again, so that inside of one both are read in order.
 */
abstract class ChunkedKernel implements Kernel {
    /** Elements of a tile at most: about 10 µs of work, so that waking a thread pays. */
    private static final int CHUNK = 1 << 15;

    private final int count;
    private final int period;
    /** Tiles of one period. */
    private final int pieces;

    /** @param period elements after which b starts again; 1 counts as a constant and never ends a tile */
    ChunkedKernel(int count, int period) {
        this.count = count;
        this.period = period == 1 ? Math.max(count, 1) : period;
        this.pieces = (this.period + CHUNK - 1) / CHUNK;
    }

    @Override
    public final int tiles() {
        // Short periods are cheap to start again: then a tile is many of them.
        return Math.max(1, pieces > 1 || period >= CHUNK / 2 ? pieces * (count / period) : (count + perTile() - 1) / perTile());
    }

    private int perTile() {
        return CHUNK / period * period;
    }

    @Override
    public final void run(int begin, int end, int worker) {
        for (int t = begin; t < end; t++) {
            if (pieces > 1 || period >= CHUNK / 2) {
                int start = t % pieces * CHUNK;
                piece(t / pieces * period + start, start, Math.min(CHUNK, period - start));
            } else {
                int last = Math.min(count, (t + 1) * perTile());
                for (int i = t * perTile(); i < last; i += period) {
                    piece(i, 0, period);
                }
            }
        }
    }

    /** Elements {@code a} … of the first operand and the result, {@code b} … of the second. */
    abstract void piece(int a, int b, int n);
}
