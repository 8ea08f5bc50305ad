package ocelli.vector;

import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.StridedLoops;
import ocelli.core.kernel.Tiling;

/**
 * Work on {@link StridedLoops}: operand 0 is a, the last is y, and one between them is b. In a row the elements of an operand
 * lie together, or are one and the same.
 */
abstract class LoopKernel implements Kernel {
    /** For each place the addresses of a, b and y. */
    private final long[] places;
    private final int rows;
    private final long allRows;
    private final int run;
    private final Tiling tiling;
    private final int elementA;
    private final int elementY;
    private final long stepA;
    private final long stepB;
    /** Bytes from row to row. */
    final long rowA;
    final long rowB;
    final long rowY;
    /** Whether a row holds one element of the operand for all of y's. */
    final boolean constantA;
    final boolean constantB;

    /**
     * @param a        address of the first operand
     * @param b        address of the second operand, any when there is none
     * @param y        address of the result
     * @param elementA bytes of an element of a and of b
     * @param elementY bytes of an element of y
     */
    LoopKernel(StridedLoops loops, Tiling tiling, long a, long b, long y, int elementA, int elementY) {
        int last = loops.rowSteps().length - 1;
        this.tiling = tiling;
        this.rows = loops.rows();
        this.allRows = loops.allRows();
        this.run = loops.run();
        this.elementA = elementA;
        this.elementY = elementY;
        this.rowA = loops.rowSteps()[0] * elementA;
        this.rowB = last == 2 ? loops.rowSteps()[1] * elementA : 0;
        this.rowY = loops.rowSteps()[last] * elementY;
        this.stepA = loops.runSteps()[0];
        this.stepB = last == 2 ? loops.runSteps()[1] : 0;
        this.constantA = stepA == 0;
        this.constantB = stepB == 0;
        this.places = new long[3 * loops.places()[0].length];
        for (int i = 0; i < places.length / 3; i++) {
            places[3 * i] = a + loops.places()[0][i] * elementA;
            places[3 * i + 1] = b + (last == 2 ? loops.places()[1][i] * elementA : 0);
            places[3 * i + 2] = y + loops.places()[last][i] * elementY;
        }
    }

    @Override
    public final int tiles() {
        return tiling.tiles();
    }

    @Override
    public final void run(int begin, int end, int worker) {
        for (int tile = begin; tile < end; tile++) {
            long first = (long) (tile % tiling.pieces()) * tiling.piece();
            int n = (int) Math.min(tiling.piece(), run - first);
            long row = (long) (tile / tiling.pieces()) * tiling.rowsPerTile();
            long last = Math.min(allRows, row + tiling.rowsPerTile());
            while (row < last) {
                int r = (int) (row % rows);
                int count = (int) Math.min(rows - r, last - row);
                int place = 3 * (int) (row / rows);
                rows(places[place] + r * rowA + first * stepA * elementA, places[place + 1] + r * rowB + first * stepB * elementA,
                        places[place + 2] + r * rowY + first * elementY, count, n, worker);
                row += count;
            }
        }
    }

    /** Several rows of {@code n} elements, the first at these addresses. */
    void rows(long a, long b, long y, int count, int n, int worker) {
        for (int r = 0; r < count; r++) {
            row(a + r * rowA, b + r * rowB, y + r * rowY, n, worker);
        }
    }

    /** One row. */
    abstract void row(long a, long b, long y, int n, int worker);
}
