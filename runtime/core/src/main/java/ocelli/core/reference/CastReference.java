package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/**
 * Element types into one another, whatever their quantisation. To a float type it is one rounding to nearest even; floats to
 * integers truncate and saturate, NaN becomes 0; integers to integers wrap around; to bool it is whether a number is not 0.
 */
final class CastReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        return r.isDense() ? Support.yes("CastReference", "java") : Support.no("operands are not dense");
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        DType from = r.inputType(0).dtype();
        DType to = r.outputType().dtype();
        MemorySegment x = memory.input(0);
        MemorySegment y = memory.output(0);
        ElementKernel.Element element;
        if (from.isFloat() || to == DType.FLOAT64) {
            element = i -> Elements.real(y, to, i, Elements.real(x, from, i));
        } else if (to.isFloat()) {
            element = i -> Elements.real(y, to, i, single(Elements.integer(x, from, i), from));
        } else {
            element = i -> Elements.integer(y, to, i, Elements.integer(x, from, i));
        }
        return new ElementKernel(r.outputType().shape().elements(), element);
    }

    /** The nearest float32; whatever it rounds is far beyond float16, so that a float16 is still rounded once. */
    private static float single(long v, DType from) {
        return from == DType.UINT64 && v < 0 ? 2f * (v >>> 1 | v & 1) : v;
    }
}
