package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.QuantTables;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** Copies elements of one of two tensors, of any type; 8-bit ones are requantised on the way when their scales differ. */
final class SelectReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        TensorType out = r.outputType();
        boolean fits = r.inputType(0).dtype() == DType.BOOL;
        for (int i = 1; i <= 2; i++) {
            fits &= r.inputType(i).dtype() == out.dtype() && r.inputType(i).isQuantized8() == out.isQuantized8();
        }
        return !r.isDense() ? Support.no("operands are not dense") : fits ? Support.yes("SelectReference", "java")
                : Support.no("operands are " + r.inputType(0) + ", " + r.inputType(1) + ", " + r.inputType(2) + " and " + out);
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Strided condition = Strided.broadcast(r.inputType(0).shape(), r.outputType().shape());
        ElementKernel.Element yes = copy(r, memory, 1);
        ElementKernel.Element no = copy(r, memory, 2);
        MemorySegment c = memory.input(0);
        return new ElementKernel(r.outputType().shape().elements(),
                i -> (c.get(ValueLayout.JAVA_BYTE, condition.at(i)) != 0 ? yes : no).compute(i));
    }

    private static ElementKernel.Element copy(KernelRequest r, KernelMemory memory, int input) {
        TensorType in = r.inputType(input);
        TensorType out = r.outputType();
        Strided at = Strided.broadcast(in.shape(), out.shape());
        MemorySegment x = memory.input(input);
        MemorySegment y = memory.output(0);
        if (out.isQuantized8() && !in.quant().equals(out.quant())) {
            byte[] table = QuantTables.requantize(in, out);
            return i -> y.set(ValueLayout.JAVA_BYTE, i, table[x.get(ValueLayout.JAVA_BYTE, at.at(i)) & 0xff]);
        }
        int bytes = out.dtype().bytes();
        return i -> MemorySegment.copy(x, (long) at.at(i) * bytes, y, (long) i * bytes, bytes);
    }
}
