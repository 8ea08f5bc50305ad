package ocelli.core.kernel;

/**
 * How {@link StridedLoops} are cut into tiles: rows that are long into pieces, of rows that are short several together.
 *
 * @param piece       elements of a row that a tile does at most
 * @param pieces      pieces of a row
 * @param rowsPerTile rows that a tile does at most
 * @param tiles       tiles of all rows, at least 1
 */
public record Tiling(int piece, int pieces, int rowsPerTile, int tiles) {

    /**
     * Tiles of about {@code elements} elements.
     *
     * @param piece the longest piece of a row
     */
    public static Tiling of(StridedLoops loops, int elements, int piece) {
        if (loops.elements() == 0) {
            return new Tiling(1, 1, 1, 1);
        }
        int length = Math.min(loops.run(), Math.min(elements, piece));
        int pieces = (loops.run() + length - 1) / length;
        int rows = (int) Math.min(Math.max(1, elements / length), loops.allRows());
        return new Tiling(length, pieces, rows, Math.toIntExact((loops.allRows() + rows - 1) / rows * pieces));
    }
}
