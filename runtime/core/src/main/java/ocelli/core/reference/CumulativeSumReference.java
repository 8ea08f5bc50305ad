package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.CumulativeSum;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** Running sums: of floats in float64, of plain integers with wrap-around. */
final class CumulativeSumReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        TensorType in = r.inputType(0);
        boolean fits = in.dtype() != DType.BOOL && in.quant().isNone() && r.outputType().equals(in);
        return !r.isDense() ? Support.no("operands are not dense") : fits ? Support.yes("CumulativeSumReference", "java")
                : Support.no("input is " + in + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        CumulativeSum op = (CumulativeSum) r.op();
        DType t = r.inputType(0).dtype();
        Lines lines = Lines.along(r.inputType(0).shape(), op.axis());
        MemorySegment x = memory.input(0);
        MemorySegment y = memory.output(0);
        return new ElementKernel(lines.count(), t.isFloat() ? line -> {
            double sum = 0;
            for (int k = 0; k < lines.length(); k++) {
                int i = lines.at(line, op.reverse() ? lines.length() - 1 - k : k);
                double next = sum + Elements.real(x, t, i);
                Elements.real(y, t, i, op.exclusive() ? sum : next);
                sum = next;
            }
        } : line -> {
            long sum = 0;
            for (int k = 0; k < lines.length(); k++) {
                int i = lines.at(line, op.reverse() ? lines.length() - 1 - k : k);
                long next = sum + Elements.integer(x, t, i);
                Elements.integer(y, t, i, op.exclusive() ? sum : next);
                sum = next;
            }
        });
    }
}
