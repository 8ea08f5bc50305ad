package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/**
 * Quantised integers, per tensor or per axis, to floats: {@code (float) (q − zero point) · scale} in float32; and float16 to
 * float32.
 */
final class DequantizeReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        TensorType in = r.inputType(0);
        DType to = r.outputType().dtype();
        boolean fits = in.dtype().isFloat() ? in.dtype() == DType.FLOAT16 && to == DType.FLOAT32
                : in.dtype() != DType.BOOL && !in.quant().isNone() && to.isFloat();
        return !r.isDense() ? Support.no("operands are not dense") : fits ? Support.yes("DequantizeReference", "java")
                : Support.no("input is " + in + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        TensorType in = r.inputType(0);
        DType to = r.outputType().dtype();
        MemorySegment x = memory.input(0);
        MemorySegment y = memory.output(0);
        int n = in.shape().elements();
        if (in.dtype() == DType.FLOAT16) {
            return new ElementKernel(n, i -> Elements.real(y, to, i, Elements.real(x, in.dtype(), i)));
        }
        QuantAxis axis = QuantAxis.of(in);
        return new ElementKernel(n, i -> {
            int c = axis.channel(i);
            Elements.real(y, to, i, (float) (Elements.integer(x, in.dtype(), i) - in.quant().zeroPoint(c)) * in.quant().scale(c));
        });
    }
}
