package ocelli.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/**
 * Depthwise convolutions with one output for each input channel, float32 and 8-bit; the latter in float32 too, which is
 * exact for windows of up to {@value #MOST_TAPS} elements.
 */
final class DepthwiseConv2dVector implements KernelFactory {
    /** 255 · 255 · 258 is just below 2^24. */
    private static final int MOST_TAPS = 258;

    @Override
    public Support supports(KernelRequest r) {
        boolean floats = r.inputs().stream().allMatch(i -> i.type().dtype() == DType.FLOAT32) && r.outputType().dtype() == DType.FLOAT32;
        boolean quantised = r.inputType(0).isQuantized8() && r.inputType(1).isQuantized8() && r.outputType().isQuantized8();
        if (!floats && !quantised) {
            return Support.no("operands are neither all float32 nor all quantised 8-bit");
        }
        ConvGeometry g = ConvGeometry.of(r);
        if (g.outC() != g.inC()) {
            return Support.no("channel multiplier is " + g.outC() / g.inC());
        }
        if (quantised && g.window().kernelH() * g.window().kernelW() > MOST_TAPS) {
            return Support.no("window has over " + MOST_TAPS + " elements");
        }
        if (!r.input(1).isConstant() || r.hasInput(2) && !r.input(2).isConstant()) {
            return Support.no("weights or bias are not constant");
        }
        long scratch = DepthwiseKernel.scratchBytes(g);
        return scratch > ConvTiles.MOST_BYTES ? Support.no("rows under a window take " + scratch + " bytes")
                : Support.yes(floats ? "DepthwiseConv2dF32Vector" : "DepthwiseConv2dQ8Vector", Lanes.TIER, scratch);
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        ConvGeometry g = ConvGeometry.of(r);
        TensorType x = r.inputType(0);
        long from = Lanes.address(memory.input(0), memory);
        MemorySegment bias = r.hasInput(2) ? memory.input(2) : null;
        // A vector that begins at the last channel reads so far.
        int padded = g.outC() + Lanes.N;
        boolean floats = x.dtype() == DType.FLOAT32;
        PaddedRows rows = floats ? PaddedRows.f32(g, from) : PaddedRows.q8(g, from, x.dtype() == DType.INT8, x.quant().zeroPoint());
        Epilogue epilogue = floats ? Clamp.of(bias, g.outC(), padded, g.activation(), memory)
                : Requantize.of(Requantizer.ofWeights(x, r.inputType(1), g.outC(), r.outputType(), g.activation()), bias, sums(r, g, memory), padded,
                memory);
        return new DepthwiseKernel(g, rows, weights(r, g, memory), epilogue, memory.output(0).address(), r.threads(),
                IntStream.range(0, r.threads()).mapToLong(t -> memory.scratch(t).address()).toArray());
    }

    /** Weights as float32: for each block of channels one vector for each tap, zeros in the place of missing channels. */
    private static long weights(KernelRequest r, ConvGeometry g, KernelMemory memory) {
        int taps = g.window().kernelH() * g.window().kernelW();
        int blocks = DepthwiseKernel.blocks(g);
        return memory.packed("weights", 4L * Lanes.N * taps * blocks, packed -> {
            for (int b = 0; b < blocks; b++) {
                int c = DepthwiseKernel.firstChannel(g, b);
                for (int t = 0; t < taps; t++) {
                    for (int i = 0; i < Math.min(Lanes.N, g.outC()); i++) {
                        packed.setAtIndex(ValueLayout.JAVA_FLOAT, ((long) b * taps + t) * Lanes.N + i,
                                ConvWeights.weight(r.inputType(1), memory.input(1), c + i, (long) t * g.outC() + c + i));
                    }
                }
            }
        }).address();
    }

    /** For each channel the largest absolute value of its sums. */
    private static double[] sums(KernelRequest r, ConvGeometry g, KernelMemory memory) {
        double[] sums = new double[g.outC()];
        for (int t = 0; t < g.window().kernelH() * g.window().kernelW(); t++) {
            for (int c = 0; c < sums.length; c++) {
                sums[c] += Math.abs(ConvWeights.weight(r.inputType(1), memory.input(1), c, (long) t * g.outC() + c))
                        * ConvWeights.largest(r.inputType(0));
            }
        }
        return sums;
    }
}
