package ocelli.vector;

import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/** Ungrouped float32 convolutions and fully connected layers. */
final class Conv2dF32Vector implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        if (r.inputs().stream().anyMatch(i -> i.type().dtype() != DType.FLOAT32) || r.outputType().dtype() != DType.FLOAT32) {
            return Support.no("operands are not all float32");
        }
        return ConvKernel.supports(r, "Conv2dF32Vector", false);
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        ConvGeometry g = ConvGeometry.of(r);
        Clamp epilogue = Clamp.of(r.hasInput(2) ? memory.input(2) : null, g.outC(), ConvWeights.padded(g), g.activation(), memory);
        return new ConvKernel(r, memory, PaddedRows.f32(g, Lanes.address(memory.input(0), memory)), epilogue, g.depth(), false);
    }
}
