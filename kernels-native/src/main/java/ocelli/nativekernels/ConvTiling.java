package ocelli.nativekernels;

import ocelli.core.kernel.ConvGeometry;

/**
 * How a convolution is cut: tiles of output pixels by blocks of output channels.
 *
 * @param rowsPerTile   output pixels of a tile
 * @param rowTiles      tiles along the pixels
 * @param blocksPerTile channel blocks of a tile
 * @param tiles         all tiles
 */
record ConvTiling(int rowsPerTile, int rowTiles, int blocksPerTile, int tiles) {
    /** A multiple of most heights of a micro-kernel (6, 8 and 12). */
    private static final int ROWS = 24;
    /** The gathered rows of a tile stay well inside a second-level cache of 256 KiB or more. */
    private static final int ROW_BYTES = 96 << 10;
    private static final int MOST_ROWS = 10 * ROWS;
    /** Tiles for each thread, so that they finish together. */
    private static final int TILES_PER_THREAD = 4;

    /** @param depthBytes bytes of one gathered row */
    static ConvTiling of(ConvGeometry g, long depthBytes, int blocks, int threads) {
        int pixels = g.outPixels();
        int rows = Math.clamp(ROW_BYTES / Math.max(depthBytes, 1), ROWS, MOST_ROWS) / ROWS * ROWS;
        if (threads > 1) {
            int share = (pixels / (TILES_PER_THREAD * threads) + ROWS - 1) / ROWS * ROWS;
            rows = Math.max(ROWS, Math.min(rows, share));
        }
        int rowTiles = Math.max(1, (pixels + rows - 1) / rows);
        int split = rowTiles >= threads ? 1 : Math.min(blocks, (threads + rowTiles - 1) / rowTiles);
        int blocksPerTile = (blocks + split - 1) / split;
        return new ConvTiling(rows, rowTiles, blocksPerTile, rowTiles * ((blocks + blocksPerTile - 1) / blocksPerTile));
    }

    /** Scratch memory of one thread: row sums, then gathered rows. */
    long scratchBytes(long depthBytes) {
        return (rowsPerTile * 4L + 63) / 64 * 64 + rowsPerTile * depthBytes;
    }

    void write(Params params) {
        params.set(ConvParam.ROWS_PER_TILE, rowsPerTile).set(ConvParam.BLOCKS_PER_TILE, blocksPerTile).set(ConvParam.ROW_TILES, rowTiles);
    }
}
