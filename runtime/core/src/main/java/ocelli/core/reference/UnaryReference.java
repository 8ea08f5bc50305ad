package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.graph.Unary;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.QuantTables;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** Element-wise functions: floats through float64, 8-bit through a table; requantisation is one of these tables. */
final class UnaryReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        DType t = r.inputType(0).dtype();
        boolean floats = r.op() instanceof Unary && t.isFloat() && r.outputType().dtype() == t;
        boolean quantised = r.inputType(0).isQuantized8() && r.outputType().isQuantized8();
        return !r.isDense() ? Support.no("operands are not dense")
                : floats || quantised ? Support.yes("UnaryReference", "java")
                : Support.no("input is " + r.inputType(0) + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        TensorType in = r.inputType(0);
        MemorySegment x = memory.input(0);
        MemorySegment y = memory.output(0);
        int n = r.outputType().shape().elements();
        if (in.isQuantized8()) {
            byte[] table = r.op() instanceof Unary u ? QuantTables.unary(in, r.outputType(), u::apply)
                    : QuantTables.requantize(in, r.outputType());
            return new ElementKernel(n, i -> y.set(ValueLayout.JAVA_BYTE, i, table[x.get(ValueLayout.JAVA_BYTE, i) & 0xff]));
        }
        Unary op = (Unary) r.op();
        return new ElementKernel(n, i -> Elements.real(y, in.dtype(), i, op.apply(Elements.real(x, in.dtype(), i))));
    }
}
