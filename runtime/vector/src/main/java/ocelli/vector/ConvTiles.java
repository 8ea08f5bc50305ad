package ocelli.vector;

import ocelli.core.kernel.ConvGeometry;

/**
 * How a convolution is cut: ranges of output pixels by ranges of channel blocks.
 *
 * @param rows     output pixels of a tile
 * @param rowTiles tiles along the pixels
 * @param blocks   channel blocks of a tile
 * @param count    all tiles
 */
record ConvTiles(int rows, int rowTiles, int blocks, int count) {
    /** The gathered rows of a tile stay in a second-level cache beside the weights. */
    private static final long ROW_BYTES = 128 << 10;
    private static final int MOST_ROWS = 16 * FloatGemm.ROWS;
    /** Tiles for each thread, so that they finish together. */
    private static final int TILES_PER_THREAD = 4;

    static ConvTiles of(ConvGeometry g, int threads) {
        int pixels = g.outPixels();
        int all = (g.outC() + FloatGemm.BLOCK - 1) / FloatGemm.BLOCK;
        int rows = groups(Math.clamp(ROW_BYTES / (4L * g.depth()), FloatGemm.ROWS, MOST_ROWS));
        if (threads > 1) {
            rows = Math.min(rows, groups(pixels / (TILES_PER_THREAD * threads) + FloatGemm.ROWS - 1));
        }
        int rowTiles = (pixels + rows - 1) / rows;
        int split = rowTiles >= threads ? 1 : Math.min(all, (threads + rowTiles - 1) / rowTiles);
        int blocks = (all + split - 1) / split;
        return new ConvTiles(rows, rowTiles, blocks, rowTiles * ((all + blocks - 1) / blocks));
    }

    private static int groups(int rows) {
        return Math.max(rows / FloatGemm.ROWS, 1) * FloatGemm.ROWS;
    }
}
