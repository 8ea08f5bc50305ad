package ocelli.nativekernels;

import ocelli.core.graph.Window;
import ocelli.core.kernel.ConvGeometry;

/**
 * How an 8-bit depthwise convolution is cut into tiles, and how the input under a tile lies interleaved in scratch memory; see
 * depthwise_q8.h.
 *
 * @param lanes    channels of a vector
 * @param taps     input rows that are interleaved
 * @param bytes    bytes of one number in scratch memory
 * @param rows     output rows of a tile, 1 or 2
 * @param groups   groups of {@code taps} input rows under a tile
 * @param chunk    channels of a tile
 * @param chunks   chunks of all channels
 * @param flat     whether an output row is one run of numbers, with vectors across the borders of pixels
 * @param strips   vectors after which the channels repeat
 * @param pitch    channels from one interleaved pixel to the next
 * @param columns  interleaved pixels of a row
 * @param planes   each has the pixels that lie so many apart
 * @param planeBytes bytes of a plane
 * @param spreadBytes scratch memory in front, for channels that become several
 */
record DepthwiseLayout(int lanes, int taps, int bytes, int rows, int groups, int chunk, int chunks, boolean flat, int strips, int pitch,
                       int columns, int planes, long planeBytes, long spreadBytes) {
    /** What is interleaved at once stays in a first-level cache of 32 KiB, beside weights and outputs. */
    private static final int CACHE_BYTES = 24 << 10;
    /** Channels of a chunk are a multiple: whole lines of most caches. */
    private static final int CHUNK = 64;
    /** Wider tensors have whole vectors enough, and their weights need not repeat. */
    private static final int FLAT_VECTORS = 4;
    /** Behind each plane: the end of the last vector. */
    private static final int SLACK = 64;

    static DepthwiseLayout of(ConvGeometry g, TierKernels tier) {
        Window w = g.window();
        int lanes = tier.depthwiseLanes();
        int taps = tier.depthwiseTaps();
        int bytes = tier.depthwiseBytes();
        // Two output rows share their input rows when that fills the last group and needs no other.
        boolean two = w.strideH() == 1 && w.dilationH() == 1 && g.outH() > 1 && w.kernelH() % taps != 0;
        int rows = two ? 2 : 1;
        int groups = (w.kernelH() + rows - 1 + taps - 1) / taps;
        int columns = (g.outW() - 1) * w.strideW() + (w.kernelW() - 1) * w.dilationW() + 1;
        int planes = w.strideW();
        int planeColumns = (columns + planes - 1) / planes;
        long channelBytes = (long) groups * planes * planeColumns * taps * bytes;
        int most = (int) Math.max(CACHE_BYTES / channelBytes / CHUNK, 1) * CHUNK;
        int chunks = g.outC() == g.inC() ? (g.outC() + most - 1) / most : 1;
        int chunk = chunks == 1 ? g.outC() : most;
        boolean flat = chunks == 1 && g.outC() % lanes != 0 && g.outC() < FLAT_VECTORS * lanes && g.outPixelStride() == g.outC();
        int strips = flat ? lanes / Integer.lowestOneBit(g.outC() | lanes) * g.outC() / lanes : (g.outC() + lanes - 1) / lanes;
        int pitch = flat ? g.outC() : (chunk + lanes - 1) / lanes * lanes;
        long planeBytes = ((long) planeColumns * pitch + SLACK) * taps * bytes;
        long spreadBytes = g.outC() == g.inC() ? 0 : ((long) taps * g.outC() + 63) / 64 * 64;
        return new DepthwiseLayout(lanes, taps, bytes, rows, groups, chunk, chunks, flat, strips, pitch, columns, planes, planeBytes, spreadBytes);
    }

    int tiles(ConvGeometry g) {
        return g.batch() * ((g.outH() + rows - 1) / rows) * chunks;
    }

    /** Scratch memory of one thread. */
    long scratchBytes() {
        return spreadBytes + groups * planes * planeBytes;
    }

    /** Where the products of a tap column begin, of one group of input rows. */
    long offset(ConvGeometry g, int group, int kx) {
        int column = kx * g.window().dilationW();
        return (group * planes + column % planes) * planeBytes + (long) (column / planes) * pitch * taps * bytes;
    }

    void write(Params params, ConvGeometry g) {
        params.set(ConvParam.DEPTHWISE_ROWS, rows).set(ConvParam.DEPTHWISE_TAP_ROWS, g.window().kernelH() + rows - 1)
                .set(ConvParam.DEPTHWISE_GROUPS, groups).set(ConvParam.DEPTHWISE_CHUNK, chunk).set(ConvParam.DEPTHWISE_CHUNKS, chunks)
                .set(ConvParam.DEPTHWISE_FLAT, flat).set(ConvParam.DEPTHWISE_STRIPS, strips)
                .set(ConvParam.DEPTHWISE_LINES, chunks == 1 && planes == 1 && g.inPixelStride() == pitch && g.outC() == pitch && g.inC() == pitch)
                .set(ConvParam.DEPTHWISE_COLUMNS, columns).set(ConvParam.DEPTHWISE_PITCH, pitch)
                .set(ConvParam.DEPTHWISE_PLANES, planes).set(ConvParam.DEPTHWISE_PLANE, planeBytes)
                .set(ConvParam.DEPTHWISE_SPREAD, spreadBytes);
    }
}
