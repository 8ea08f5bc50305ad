package ocelli.vector;

import java.lang.foreign.MemorySegment;
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
 * Ungrouped 8-bit convolutions and fully connected layers by fused multiply-add in float32, which is exact while no sum
 * exceeds 2^24: deeper sums go in parts that are added as int32. The Vector API has no product of bytes that is as fast.
 */
final class Conv2dQ8Vector implements KernelFactory {
    private static final int EXACT = 1 << 24;

    @Override
    public Support supports(KernelRequest r) {
        if (!r.inputType(0).isQuantized8() || !r.inputType(1).isQuantized8() || !r.outputType().isQuantized8()) {
            return Support.no("operands are not all quantised 8-bit");
        }
        return ConvKernel.supports(r, "Conv2dQ8Vector", true);
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        ConvGeometry g = ConvGeometry.of(r);
        TensorType x = r.inputType(0);
        MemorySegment bias = r.hasInput(2) ? memory.input(2) : null;
        double[] sums = new double[g.outC()];
        double largest = 0;
        for (int c = 0; c < sums.length; c++) {
            for (int d = 0; d < g.depth(); d++) {
                double product = Math.abs(ConvWeights.weight(r.inputType(1), memory.input(1), c, (long) c * g.depth() + d)) * ConvWeights.largest(x);
                sums[c] += product;
                largest = Math.max(largest, product);
            }
        }
        Requantizer rule = Requantizer.ofWeights(x, r.inputType(1), g.outC(), r.outputType(), g.activation());
        Requantize epilogue = Requantize.of(rule, bias, sums, ConvWeights.padded(g), memory);
        int part = epilogue.exact() ? g.depth() : Math.clamp((long) (EXACT / Math.max(1, largest)), 1, g.depth());
        return new ConvKernel(r, memory, PaddedRows.q8(g, Lanes.address(memory.input(0), memory), x.dtype() == DType.INT8, x.quant().zeroPoint()),
                epilogue, part, !epilogue.exact());
    }
}
