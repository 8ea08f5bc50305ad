package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/** x − max − log Σexp(x − max) over the last dimension, on floats through float64. */
final class LogSoftmaxReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        DType t = r.inputType(0).dtype();
        return !r.isDense() ? Support.no("operands are not dense")
                : t.isFloat() && r.outputType().dtype() == t ? Support.yes("LogSoftmaxReference", "java")
                : Support.no("input is " + r.inputType(0) + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        DType t = r.inputType(0).dtype();
        Lines lines = Lines.along(r.inputType(0).shape(), -1);
        MemorySegment x = memory.input(0);
        MemorySegment y = memory.output(0);
        return new ElementKernel(lines.count(), line -> {
            double most = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < lines.length(); c++) {
                most = Math.max(most, Elements.real(x, t, lines.at(line, c)));
            }
            double sum = 0;
            for (int c = 0; c < lines.length(); c++) {
                sum += StrictMath.exp(Elements.real(x, t, lines.at(line, c)) - most);
            }
            double log = StrictMath.log(sum);
            for (int c = 0; c < lines.length(); c++) {
                int i = lines.at(line, c);
                Elements.real(y, t, i, Elements.real(x, t, i) - most - log);
            }
        });
    }
}
