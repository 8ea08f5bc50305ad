package ocelli.nativekernels;

import java.lang.foreign.MemorySegment;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/** Depthwise convolutions, float32 and 8-bit, with any number of outputs for each input channel. */
record DepthwiseConv2dNative(TierKernels tier) implements KernelFactory {
    /**
     * Output rows of a float32 tile: neighbours share input rows while they are near, yet there are tiles enough for every
     * thread.
     */
    private static final int ROWS_F32 = 4;
    /** Tiles for each thread, so that they finish together. */
    private static final int TILES_PER_THREAD = 4;
    /** The most channels of any tier's vector of float32. */
    private static final int LANES_F32 = 16;

    @Override
    public Support supports(KernelRequest r) {
        boolean floats = floats(r);
        if (!floats && !(r.inputType(0).isQuantized8() && r.inputType(1).isQuantized8() && r.outputType().isQuantized8())) {
            return Support.no("operands are neither all float32 nor all quantised 8-bit");
        }
        if (!r.input(1).isConstant() || r.hasInput(2) && !r.input(2).isConstant()) {
            return Support.no("weights or bias are not constant");
        }
        ConvGeometry g = ConvGeometry.of(r);
        return floats ? Support.yes("DepthwiseConv2dF32Native", tier.tier().label(), spreadBytes(g))
                : Support.yes("DepthwiseConv2dQ8Native", tier.tier().label(), DepthwiseLayout.of(g, tier).scratchBytes());
    }

    private static boolean floats(KernelRequest r) {
        return r.inputType(0).dtype() == DType.FLOAT32 && r.inputType(1).dtype() == DType.FLOAT32
                && r.outputType().dtype() == DType.FLOAT32;
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        ConvGeometry g = ConvGeometry.of(r);
        Params params = new Params(memory, ConvParam.values()).setGeometry(g).setScratch(r.threads());
        if (!floats(r)) {
            DepthwiseLayout layout = DepthwiseLayout.of(g, tier);
            new DepthwisePacking(r, memory, g, layout, tier).write(params);
            return new NativeKernel(tier.function(KernelId.DEPTHWISE_Q8), params.address(), layout.tiles(g));
        }
        int rows = g.outC() > g.inC() ? 1 : Math.clamp(g.batch() * g.outH() / (TILES_PER_THREAD * r.threads()), 1, ROWS_F32);
        // Pairs of rows share their loads; more threads need the tiles.
        rows += r.threads() == 1 && g.outC() == g.inC() ? rows % 2 : 0;
        packF32(r, memory, g, params.set(ConvParam.ROWS_PER_TILE, rows));
        return new NativeKernel(tier.function(KernelId.DEPTHWISE_F32), params.address(), (g.batch() * g.outH() + rows - 1) / rows);
    }

    /** Where channels become several, the input rows under an output row are spread out first. */
    private static long spreadBytes(ConvGeometry g) {
        return g.outC() == g.inC() ? 0 : 4L * g.window().kernelH() * g.inW() * g.outC();
    }

    /** Weights and bias as they are, but as wide as any vector at least. */
    private static void packF32(KernelRequest r, KernelMemory memory, ConvGeometry g, Params params) {
        long row = 4L * g.outC();
        long packedRow = 4L * Math.max(g.outC(), LANES_F32);
        int taps = g.window().kernelH() * g.window().kernelW();
        MemorySegment weights = memory.packed("weights", packedRow * taps, m -> {
            for (int t = 0; t < taps; t++) {
                MemorySegment.copy(memory.input(1), t * row, m, t * packedRow, row);
            }
        });
        MemorySegment bias = memory.packed("bias", packedRow, m -> {
            if (r.hasInput(2)) {
                MemorySegment.copy(memory.input(2), 0, m, 0, row);
            }
        });
        params.set(ConvParam.WEIGHTS, weights).set(ConvParam.BIAS, bias);
    }
}
