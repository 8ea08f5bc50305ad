package ocelli.vector;

import jdk.incubator.vector.FloatVector;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;

/**
 * A depthwise convolution by one vector of channels at a time: the input rows under a window lie as float32 in a ring, each
 * converted once, and {@value #STRIP} neighbouring output pixels share every load of a weight. When there are fewer channels than
 * lanes, the other lanes compute something that nobody reads.
 */
final class DepthwiseKernel implements Kernel {
    /** Output pixels that go together. */
    private static final int STRIP = 8;
    private static final long VECTOR = 4L * Lanes.N;
    /** Tiles for each thread, so that they finish together. */
    private static final int TILES_PER_THREAD = 4;
    /** Fewest output rows of a tile, for each tile converts the rows above its own. */
    private static final int LEAST_ROWS = 4;

    private final ConvGeometry g;
    private final PaddedRows rows;
    private final long weights;
    private final Epilogue epilogue;
    private final long y;
    /** Null when the activation is a clamp. */
    private final PixelFunction function;
    /** For each thread: sums of a row and a vector beyond them, the ring. */
    private final long[] scratch;
    /** For each thread: where the taps of a row's first output pixel lie. */
    private final long[][] places;
    private final int taps;
    private final int ring;
    /** Bytes from pixel to pixel in the ring, from output pixel to output pixel, of a row. */
    private final long pixel;
    private final long step;
    private final long row;
    private final int rowTiles;
    private final int blockTiles;

    DepthwiseKernel(ConvGeometry g, PaddedRows rows, long weights, Epilogue epilogue, long y, int threads, long[] scratch) {
        this.g = g;
        this.rows = rows;
        this.weights = weights;
        this.epilogue = epilogue;
        this.y = y;
        this.function = g.activation().function().map(f -> new PixelFunction(f, g, y)).orElse(null);
        this.scratch = scratch;
        this.taps = g.window().kernelH() * g.window().kernelW();
        this.places = new long[threads][taps];
        this.ring = (int) PaddedRows.height(g);
        this.pixel = pixelBytes(g);
        this.step = pixel * g.window().strideW();
        this.row = rowBytes(g);
        int tiles = threads == 1 ? 1 : TILES_PER_THREAD * threads;
        this.blockTiles = Math.min(blocks(g), tiles);
        this.rowTiles = Math.clamp(g.outH() / LEAST_ROWS, 1, (tiles + blockTiles - 1) / blockTiles);
    }

    static int blocks(ConvGeometry g) {
        return (g.outC() + Lanes.N - 1) / Lanes.N;
    }

    /** The last block overlaps the one before. */
    static int firstChannel(ConvGeometry g, int block) {
        return Math.max(0, Math.min(block * Lanes.N, g.outC() - Lanes.N));
    }

    private static long pixelBytes(ConvGeometry g) {
        return 4L * Math.min(Lanes.N, g.outC());
    }

    /** A row of the ring and what loads of the last pixel reach beyond it, in whole vectors. */
    private static long rowBytes(ConvGeometry g) {
        return (PaddedRows.width(g) * pixelBytes(g) + 2 * VECTOR - 1) / VECTOR * VECTOR;
    }

    static long scratchBytes(ConvGeometry g) {
        return (g.outW() + 1) * VECTOR + PaddedRows.height(g) * rowBytes(g) + FunctionRow.SCRATCH_BYTES;
    }

    @Override
    public int tiles() {
        return g.batch() * rowTiles * blockTiles;
    }

    @Override
    public void run(int begin, int end, int worker) {
        int blocks = blocks(g);
        for (int tile = begin; tile < end; tile++) {
            int part = tile % rowTiles;
            int image = tile / rowTiles % g.batch();
            int group = tile / rowTiles / g.batch();
            for (int block = group * blocks / blockTiles; block < (group + 1) * blocks / blockTiles; block++) {
                rows(image, block, part * g.outH() / rowTiles, (part + 1) * g.outH() / rowTiles, scratch[worker], places[worker]);
            }
        }
    }

    /** Some output rows of a block of channels. */
    private void rows(int image, int block, int begin, int end, long memory, long[] table) {
        int c = firstChannel(g, block);
        int channels = Math.min(Lanes.N, g.outC());
        // Sums that begin within a block are read beyond the last pixel's.
        long at = memory + (g.outW() + 1) * VECTOR;
        int next = Integer.MIN_VALUE;
        for (int oy = begin; oy < end; oy++) {
            int top = oy * g.window().strideH() - g.window().padTop();
            next = Math.max(next, top);
            for (; next < top + ring; next++) {
                rows.row(image, next, c, channels, at + Math.floorMod(next, ring) * row);
            }
            point(table, at, top);
            strips(table, weights + block * taps * VECTOR, memory);
            if (epilogue instanceof Requantize q && !q.exact()) {
                Lanes.toInts(memory, g.outW() * VECTOR);
            }
            int pixel = (image * g.outH() + oy) * g.outW();
            // Where a function follows, what the block before has finished is left alone; another thread may have.
            int from = function == null ? c : block * Lanes.N;
            long to = y + epilogue.bytes() * ((long) pixel * g.outPixelStride() + from);
            epilogue.column(memory + 4L * (from - c), VECTOR, g.outW(), from, c + channels - from, to,
                    (long) epilogue.bytes() * g.outPixelStride());
            if (function != null) {
                function.run(pixel, g.outW(), from, c + channels, at + ring * row);
            }
        }
    }

    /** Writes where the taps of the first output pixel lie when the window begins at row {@code top}. */
    private void point(long[] to, long at, int top) {
        int i = 0;
        for (int ky = 0; ky < g.window().kernelH(); ky++) {
            long line = at + Math.floorMod(top + ky * g.window().dilationH(), ring) * row;
            for (int kx = 0; kx < g.window().kernelW(); kx++) {
                to[i++] = line + kx * g.window().dilationW() * pixel;
            }
        }
    }

    /** The sums of a row. The last strip overlaps the one before. */
    private void strips(long[] at, long w, long sums) {
        int width = g.outW();
        int ox = 0;
        for (; ox + STRIP <= width; ox += STRIP) {
            eight(at, taps, ox * step, step, w, sums + ox * VECTOR);
        }
        int left = width - ox;
        if (left > STRIP / 2 && width >= STRIP) {
            eight(at, taps, (width - STRIP) * step, step, w, sums + (width - STRIP) * VECTOR);
        } else if (width >= STRIP / 2) {
            if (left > STRIP / 2) {
                four(at, taps, ox * step, step, w, sums + ox * VECTOR);
            }
            if (left > 0) {
                four(at, taps, (width - STRIP / 2) * step, step, w, sums + (width - STRIP / 2) * VECTOR);
            }
        } else {
            for (; ox < width; ox++) {
                one(at, taps, ox * step, w, sums + ox * VECTOR);
            }
        }
    }

    private static void eight(long[] table, int taps, long shift, long step, long weights, long out) {
        FloatVector s0 = FloatVector.zero(Lanes.F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector s4 = s0;
        FloatVector s5 = s0;
        FloatVector s6 = s0;
        FloatVector s7 = s0;
        long w = weights;
        for (int i = 0; i < taps; i++) {
            long a = table[i] + shift;
            long b = a + 4 * step;
            FloatVector v = Lanes.floats(w);
            s0 = Lanes.floats(a).fma(v, s0);
            s1 = Lanes.floats(a + step).fma(v, s1);
            s2 = Lanes.floats(a + 2 * step).fma(v, s2);
            s3 = Lanes.floats(a + 3 * step).fma(v, s3);
            s4 = Lanes.floats(b).fma(v, s4);
            s5 = Lanes.floats(b + step).fma(v, s5);
            s6 = Lanes.floats(b + 2 * step).fma(v, s6);
            s7 = Lanes.floats(b + 3 * step).fma(v, s7);
            w += VECTOR;
        }
        Lanes.store(s0, out);
        Lanes.store(s1, out + VECTOR);
        Lanes.store(s2, out + 2 * VECTOR);
        Lanes.store(s3, out + 3 * VECTOR);
        Lanes.store(s4, out + 4 * VECTOR);
        Lanes.store(s5, out + 5 * VECTOR);
        Lanes.store(s6, out + 6 * VECTOR);
        Lanes.store(s7, out + 7 * VECTOR);
    }

    private static void four(long[] table, int taps, long shift, long step, long weights, long out) {
        FloatVector s0 = FloatVector.zero(Lanes.F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        long w = weights;
        for (int i = 0; i < taps; i++) {
            long a = table[i] + shift;
            FloatVector v = Lanes.floats(w);
            s0 = Lanes.floats(a).fma(v, s0);
            s1 = Lanes.floats(a + step).fma(v, s1);
            s2 = Lanes.floats(a + 2 * step).fma(v, s2);
            s3 = Lanes.floats(a + 3 * step).fma(v, s3);
            w += VECTOR;
        }
        Lanes.store(s0, out);
        Lanes.store(s1, out + VECTOR);
        Lanes.store(s2, out + 2 * VECTOR);
        Lanes.store(s3, out + 3 * VECTOR);
    }

    private static void one(long[] table, int taps, long shift, long weights, long out) {
        FloatVector s = FloatVector.zero(Lanes.F);
        long w = weights;
        for (int i = 0; i < taps; i++) {
            s = Lanes.floats(table[i] + shift).fma(Lanes.floats(w), s);
            w += VECTOR;
        }
        Lanes.store(s, out);
    }
}
