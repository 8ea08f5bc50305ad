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
 * Floats to 8-bit, per tensor or per axis: {@code q = clamp(roundHalfEven(x / scale) + zo)} with one float32 division, the rule
 * of ONNX QuantizeLinear; NaN becomes the zero point. 8-bit to 8-bit is a table, see {@link UnaryReference}.
 */
final class QuantizeReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        return !r.isDense() ? Support.no("operands are not dense")
                : r.inputType(0).dtype().isFloat() && r.outputType().isQuantized8() ? Support.yes("QuantizeReference", "java")
                : Support.no("input is " + r.inputType(0) + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        DType from = r.inputType(0).dtype();
        TensorType out = r.outputType();
        QuantAxis axis = QuantAxis.of(out);
        MemorySegment x = memory.input(0);
        MemorySegment y = memory.output(0);
        return new ElementKernel(out.shape().elements(), i -> {
            int c = axis.channel(i);
            Memory.q8(y, i, quantize((float) Elements.real(x, from, i), out.quant().scale(c), out.quant().zeroPoint(c), out.dtype()));
        });
    }

    static int quantize(float x, float scale, int zeroPoint, DType to) {
        float t = x / scale;
        return Float.isNaN(t) ? zeroPoint : (int) Math.clamp(Math.rint(t) + zeroPoint, to.min(), to.max());
    }
}
