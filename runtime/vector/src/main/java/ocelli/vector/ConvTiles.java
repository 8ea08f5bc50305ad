package ocelli.vector;

import ocelli.core.kernel.ConvGeometry;

/**
 * How a convolution's output is cut into tiles: a pointwise one into ranges of pixels, any other into rows of an image.
 *
 * @param pixels    ranges of pixels, else of rows
 * @param perImage  tiles of an image, or of all pixels
 * @param count     tiles of all images
 * @param most      pixels of the largest tile
 * @param least     pixels of the smallest
 * @param inputRows input rows of the largest tile, 0 for pixels
 */
record ConvTiles(boolean pixels, int perImage, int count, int most, int least, long inputRows) {
    /** Most scratch memory that a kernel may ask for. */
    static final long MOST_BYTES = 1 << 28;
    /** A tile's input as float32 stays in a second-level cache beside the weights. */
    private static final long INPUT_BYTES = 128 << 10;
    /** Pixels whose sums by one block of channels stay in a first-level cache. */
    static final int CHUNK = 96;
    private static final int LEAST_PIXELS = 2 * FloatGemm.ROWS;
    /** Tiles for each thread, so that they finish together. */
    private static final int TILES_PER_THREAD = 4;

    static ConvTiles of(ConvGeometry g, int threads) {
        int wanted = threads == 1 ? 1 : TILES_PER_THREAD * threads;
        if (g.isPointwise()) {
            int all = g.outPixels();
            int most = Math.clamp(INPUT_BYTES / Math.max(1, 4L * g.depth()), LEAST_PIXELS, CHUNK);
            most = Math.clamp((all + wanted - 1) / wanted, Math.min(LEAST_PIXELS, most), most);
            int tiles = Math.max(1, (all + most - 1) / most);
            return new ConvTiles(true, tiles, tiles, (all + tiles - 1) / tiles, all / tiles, 0);
        }
        long rowBytes = 4 * PaddedRows.width(g) * g.inC();
        // The rows of a window come on top of those that each row of output adds.
        long fit = (INPUT_BYTES / rowBytes - PaddedRows.height(g)) / g.window().strideH() + 1;
        int most = Math.clamp(Math.min(fit, ((long) g.batch() * g.outH() + wanted - 1) / wanted), 1, g.outH());
        int least = Math.clamp((LEAST_PIXELS + g.outW() - 1) / g.outW(), 1, g.outH());
        int perImage = Math.clamp((g.outH() + most - 1) / most, 1, g.outH() / least);
        int rows = (g.outH() + perImage - 1) / perImage;
        return new ConvTiles(false, perImage, perImage * g.batch(), rows * g.outW(), g.outH() / perImage * g.outW(),
                (rows - 1L) * g.window().strideH() + PaddedRows.height(g));
    }

    /** First pixel or row of a tile. */
    int begin(ConvGeometry g, int tile) {
        return (int) ((long) tile * (pixels ? g.outPixels() : g.outH()) / perImage);
    }
}
