package ocelli.vector;

import java.util.stream.IntStream;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;

/**
 * An ungrouped convolution or a fully connected layer by {@link FloatGemm}. A tile lays its input out as float32 once, for all
 * blocks of channels; the pixels of a float32 pointwise layer are read where they lie.
 */
final class ConvKernel implements Kernel {
    private static final long VECTOR = 4L * Lanes.N;
    private static final long SUM_BYTES = ConvTiles.CHUNK * 2 * VECTOR;

    private final ConvGeometry g;
    private final ConvTiles tiles;
    /** Splits the blocks of channels where there are fewer tiles than threads. */
    private final int blockTiles;
    private final PaddedRows input;
    private final boolean direct;
    private final ConvWeights weights;
    private final ConvWeights.Block[] blocks;
    /** Depth that is exact in float32. */
    private final int part;
    /** Whether sums end as int32. */
    private final boolean ints;
    private final Epilogue epilogue;
    /** Where the window of each pixel of a tile begins. */
    private final long[] windows;
    private final long y;
    /** Null when the activation is a clamp. */
    private final PixelFunction function;
    /** For each thread: products, int32 sums of parts, a vector for the epilogue, the input. */
    private final long[] scratch;

    /**
     * @param part depth that is exact in float32
     * @param ints whether the epilogue takes int32
     */
    ConvKernel(KernelRequest r, KernelMemory memory, PaddedRows input, Epilogue epilogue, int part, boolean ints) {
        this.g = ConvGeometry.of(r);
        this.tiles = ConvTiles.of(g, r.threads());
        this.input = input;
        this.direct = isDirect(g, input.q8());
        this.part = part;
        this.ints = ints;
        this.epilogue = epilogue;
        long pixel = 4L * (direct ? g.inPixelStride() : g.inC());
        long row = tiles.pixels() ? 0 : rowBytes(g);
        boolean narrow = tiles.least() >= FloatGemm.ROWS && part == g.depth();
        this.weights = ConvWeights.of(r, g, pixel, row, narrow, input.q8(), memory);
        this.blocks = weights.blocks().toArray(ConvWeights.Block[]::new);
        this.blockTiles = Math.min(blocks.length, (r.threads() + tiles.count() - 1) / tiles.count());
        this.windows = windows(pixel, row);
        this.y = memory.output(0).address();
        this.function = g.activation().function().map(f -> new PixelFunction(f, g, y)).orElse(null);
        this.scratch = IntStream.range(0, r.threads()).mapToLong(t -> memory.scratch(t).address()).toArray();
    }

    private static boolean isDirect(ConvGeometry g, boolean q8) {
        return g.isPointwise() && !q8;
    }

    private static long rowBytes(ConvGeometry g) {
        return 4 * PaddedRows.width(g) * g.inC();
    }

    /** Whether the kernel can do a request whose types are right. */
    static Support supports(KernelRequest r, String name, boolean q8) {
        ConvGeometry g = ConvGeometry.of(r);
        if (g.groups() != 1) {
            return Support.no("convolution has " + g.groups() + " groups");
        }
        if (!r.input(1).isConstant() || r.hasInput(2) && !r.input(2).isConstant()) {
            return Support.no("weights or bias are not constant");
        }
        ConvTiles tiles = ConvTiles.of(g, r.threads());
        long input = isDirect(g, q8) ? 0 : tiles.pixels() ? 4L * tiles.most() * g.inC() : tiles.inputRows() * rowBytes(g);
        return input > ConvTiles.MOST_BYTES ? Support.no("input rows of a tile take " + input + " bytes")
                : Support.yes(name, Lanes.TIER, (q8 ? 2 : 1) * SUM_BYTES + input + VECTOR);
    }

    private long[] windows(long pixel, long row) {
        long[] table = new long[tiles.most()];
        for (int i = 0; i < table.length; i++) {
            table[i] = tiles.pixels() ? i * pixel
                    : i / g.outW() * g.window().strideH() * row + i % g.outW() * g.window().strideW() * pixel;
        }
        return table;
    }

    @Override
    public int tiles() {
        return tiles.count() * blockTiles;
    }

    @Override
    public void run(int begin, int end, int worker) {
        long memory = scratch[worker];
        for (int t = begin; t < end; t++) {
            int tile = t % tiles.count();
            int image = tile / tiles.perImage();
            int first = tiles.begin(g, tile % tiles.perImage());
            int count = tiles.begin(g, tile % tiles.perImage() + 1) - first;
            long base = input(image, first, count, memory + (input.q8() ? 2 : 1) * SUM_BYTES);
            long pixel = tiles.pixels() ? first : ((long) image * g.outH() + first) * g.outW();
            int pixels = tiles.pixels() ? count : count * g.outW();
            int chunks = (pixels + ConvTiles.CHUNK - 1) / ConvTiles.CHUNK;
            int group = t / tiles.count();
            int last = (group + 1) * blocks.length / blockTiles;
            for (int i = 0; i < chunks; i++) {
                int from = (int) ((long) i * pixels / chunks);
                int n = (int) ((i + 1L) * pixels / chunks) - from;
                int least = group * blocks.length / blockTiles;
                for (int b = least; b < last; b++) {
                    block(blocks[b], base, from, n, pixel + from, memory);
                }
                if (function != null) {
                    // The sums are stored by now, and leave their room to the function.
                    function.run((int) pixel + from, n, blocks[least].first(), blocks[last - 1].first() + blocks[last - 1].count(), memory);
                }
            }
        }
    }

    /** The address of a tile's input. */
    private long input(int image, int first, int count, long to) {
        if (direct) {
            return input.x() + 4L * first * g.inPixelStride();
        }
        long end = to;
        if (tiles.pixels()) {
            input.pixels(first, count, to);
            end += 4L * count * g.inC();
        } else {
            int top = first * g.window().strideH() - g.window().padTop();
            int bottom = top + (count - 1) * g.window().strideH() + (int) PaddedRows.height(g);
            for (int iy = top; iy < bottom; iy++) {
                input.row(image, iy, 0, g.inC(), end);
                end += rowBytes(g);
            }
        }
        Lanes.store(Lanes.ZERO, end);
        return to;
    }

    /** Some pixels by one block of channels. */
    private void block(ConvWeights.Block block, long base, int window, int count, long pixel, long products) {
        int vectors = block.kind() == ConvWeights.Kind.DOUBLE ? 2 : 1;
        long sums = products;
        switch (block.kind()) {
            case DOUBLE -> {
                for (int d = 0; d < g.depth(); d += part) {
                    doubles(base, window, d, block.address() + 2 * VECTOR * d, count, Math.min(part, g.depth() - d), products);
                    if (ints) {
                        sums = products + SUM_BYTES;
                        FloatGemm.add(products, sums, 2 * count, d > 0);
                    }
                }
            }
            case SINGLE -> singles(base, window, block.address(), count, products);
            case HALF -> {
                halves(base, window, block.address(), count, products);
                FloatGemm.join(products, count);
            }
        }
        if (ints && block.kind() != ConvWeights.Kind.DOUBLE) {
            FloatGemm.add(products, products, count, false);
        }
        int size = epilogue.bytes();
        long to = y + size * (pixel * g.outPixelStride() + block.first());
        for (int c = 0; c < block.count(); c += Lanes.N) {
            epilogue.column(sums + 4L * c, vectors * VECTOR, count, block.first() + c, Math.min(Lanes.N, block.count() - c), to + (long) size * c,
                    (long) size * g.outPixelStride());
        }
    }

    /** The last group of six overlaps the one before. */
    private void doubles(long base, int window, int from, long b, int count, int depth, long products) {
        if (count < FloatGemm.SIX) {
            for (int i = 0; i < count; i++) {
                FloatGemm.one(base + windows[window + i], weights.offsets(), from, b, depth, products + 2 * VECTOR * i);
            }
            return;
        }
        for (int i = 0; i < count; i += FloatGemm.SIX) {
            int at = Math.min(i, count - FloatGemm.SIX);
            FloatGemm.six(base, windows, window + at, weights.offsets(), from, b, depth, products + 2 * VECTOR * at);
        }
    }

    private void singles(long base, int window, long b, int count, long products) {
        for (int i = 0; i < count; i += FloatGemm.ROWS) {
            int at = Math.min(i, count - FloatGemm.ROWS);
            FloatGemm.eight(base, windows, window + at, weights.offsets(), b, g.depth(), products + VECTOR * at);
        }
    }

    private void halves(long base, int window, long b, int count, long products) {
        for (int i = 0; i < count; i += FloatGemm.ROWS) {
            int at = Math.min(i, count - FloatGemm.ROWS);
            FloatGemm.pairs(base, windows, window + at, weights.pairs(), b, weights.pairs().length, products + VECTOR * at);
        }
    }
}
