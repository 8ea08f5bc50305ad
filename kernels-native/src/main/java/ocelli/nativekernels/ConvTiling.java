package ocelli.nativekernels;

import ocelli.core.graph.Window;
import ocelli.core.kernel.ConvGeometry;

/**
 * How a convolution is cut: tiles of output pixels by blocks of output channels. Windows over wide outputs are read from staged
 * lines of the input (conv_lines.h), others are gathered or, pointwise, read where they lie.
 *
 * @param lines         whether a row of a tile is a line of output pixels instead of a pixel
 * @param runs          pieces of a window that lie together
 * @param run           elements of a piece
 * @param slots         staged lines of the input
 * @param pitch         elements from one of them to the next
 * @param rowsPerTile   output pixels or lines of a tile
 * @param rowTiles      tiles along the pixels
 * @param blocksPerTile channel blocks of a tile
 * @param tiles         all tiles
 */
record ConvTiling(boolean lines, int runs, int run, int slots, int pitch, int rowsPerTile, int rowTiles, int blocksPerTile, int tiles) {
    /** A multiple of most heights of a micro-kernel (6, 8, 12 and 24). */
    private static final int ROWS = 24;
    /** The lowest of those heights. */
    private static final int HEIGHT = 6;
    /** The gathered rows of a tile stay well inside a second-level cache of 256 KiB or more. */
    private static final int ROW_BYTES = 96 << 10;
    private static final int MOST_ROWS = 10 * ROWS;
    /** Tiles for each thread, so that they finish together. */
    private static final int TILES_PER_THREAD = 4;
    /** Groups of rows end with a line, so narrow outputs would leave registers idle. */
    private static final int NARROWEST_LINE = 8;

    /**
     * @param packing channels of a block, elements of the depth that lie together, and bytes of one
     */
    static ConvTiling of(ConvGeometry g, Packing packing, int threads) {
        Window w = g.window();
        boolean lines = w.kernelH() * w.kernelW() > 1 && g.outW() >= NARROWEST_LINE;
        int across = w.dilationW() == 1 ? 1 : w.kernelW();
        int runs = lines ? w.kernelH() * across : 1;
        int run = g.depth() / runs;
        int slots = (w.kernelH() - 1) * w.dilationH() + 1;
        int columns = (g.outW() - 1) * w.strideW() + (w.kernelW() - 1) * w.dilationW() + 1;
        int pitch = roundUp(columns * g.inC(), 64);
        int rows = lines ? lines(g, threads) : pixels(g, packing.paddedDepth(1, run) * packing.bytes(), threads);
        int all = lines ? g.batch() * g.outH() : g.outPixels();
        int rowTiles = Math.max(1, (all + rows - 1) / rows);
        int blocks = packing.blocks(g.outC());
        int split = rowTiles >= threads ? 1 : Math.min(blocks, (threads + rowTiles - 1) / rowTiles);
        int blocksPerTile = (blocks + split - 1) / split;
        return new ConvTiling(lines, runs, run, slots, pitch, rows, rowTiles, blocksPerTile,
                rowTiles * ((blocks + blocksPerTile - 1) / blocksPerTile));
    }

    private static int pixels(ConvGeometry g, long depthBytes, int threads) {
        int rows = Math.clamp(ROW_BYTES / Math.max(depthBytes, 1), ROWS, MOST_ROWS) / ROWS * ROWS;
        if (threads == 1) {
            // Tiles of about equal heights: a last one of a few rows would read all weights for those (25 pixels of
            // 512 to 144 channels: 24 instead of 28 us).
            int tiles = Math.max(1, (g.outPixels() + rows / 2) / rows);
            return roundUp((g.outPixels() + tiles - 1) / tiles, rows > 2 * ROWS ? ROWS : HEIGHT);
        }
        int share = roundUp(g.outPixels() / (TILES_PER_THREAD * threads), ROWS);
        return Math.max(ROWS, Math.min(rows, share));
    }

    /** One thread stages every line once; of more, each begins its tiles with lines that the tile before has staged too. */
    private static int lines(ConvGeometry g, int threads) {
        int all = g.batch() * g.outH();
        return threads == 1 ? Math.max(all, 1) : Math.max(1, (all + TILES_PER_THREAD * threads - 1) / (TILES_PER_THREAD * threads));
    }

    private static int roundUp(int n, int unit) {
        return (n + unit - 1) / unit * unit;
    }

    /** Scratch memory of one thread as conv_lines.h divides it: row sums, offsets of runs, then gathered rows or staged lines. */
    long scratchBytes(ConvGeometry g, Packing packing) {
        long sums = roundUp(4 * (lines ? g.outW() : rowsPerTile), 64);
        long offsets = roundUp(8 * runs, 64);
        // A last run is read up to its padded end, a line of a plane (plane_f32.h) up to the end of a vector.
        long elements = lines ? (long) slots * pitch + Math.max(packing.depth(), packing.block())
                : (long) rowsPerTile * packing.paddedDepth(1, run);
        return sums + offsets + elements * packing.bytes();
    }

    void write(Params params) {
        params.set(ConvParam.ROWS_PER_TILE, rowsPerTile).set(ConvParam.BLOCKS_PER_TILE, blocksPerTile).set(ConvParam.ROW_TILES, rowTiles)
                .set(ConvParam.LINES, lines).set(ConvParam.RUNS, runs).set(ConvParam.RUN, run)
                .set(ConvParam.SLOTS, slots).set(ConvParam.PITCH, pitch);
    }
}
