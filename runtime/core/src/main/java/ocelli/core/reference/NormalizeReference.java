package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Normalize;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/** Mean, then variance, then the quotient, on floats in float64. */
final class NormalizeReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        DType t = r.inputType(0).dtype();
        return !r.isDense() ? Support.no("operands are not dense")
                : t.isFloat() && r.outputType().dtype() == t ? Support.yes("NormalizeReference", "java")
                : Support.no("input is " + r.inputType(0) + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Normalize op = (Normalize) r.op();
        DType t = r.inputType(0).dtype();
        Strided groups = Strided.over(r.inputType(0).shape(), d -> !op.axes().contains(d));
        Strided group = Strided.over(r.inputType(0).shape(), op.axes()::contains);
        int n = group.count();
        MemorySegment x = memory.input(0);
        MemorySegment y = memory.output(0);
        return new ElementKernel(groups.count(), g -> {
            int first = groups.at(g);
            double sum = 0;
            for (int k = 0; k < n; k++) {
                sum += Elements.real(x, t, first + group.at(k));
            }
            double mean = sum / n;
            double squares = 0;
            for (int k = 0; k < n; k++) {
                double d = Elements.real(x, t, first + group.at(k)) - mean;
                squares += d * d;
            }
            double deviation = Math.sqrt(squares / n + op.epsilon());
            for (int k = 0; k < n; k++) {
                int i = first + group.at(k);
                Elements.real(y, t, i, (Elements.real(x, t, i) - mean) / deviation);
            }
        });
    }
}
