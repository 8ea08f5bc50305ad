package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.LocalResponseNormalization;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/** Normalisation by the neighbouring channels, on floats through float64. */
final class LocalResponseNormalizationReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        DType t = r.inputType(0).dtype();
        return !r.isDense() ? Support.no("operands are not dense")
                : t.isFloat() && r.outputType().dtype() == t ? Support.yes("LocalResponseNormalizationReference", "java")
                : Support.no("input is " + r.inputType(0) + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        LocalResponseNormalization op = (LocalResponseNormalization) r.op();
        DType t = r.inputType(0).dtype();
        Lines lines = Lines.along(r.inputType(0).shape(), -1);
        int before = (op.size() - 1) / 2;
        int behind = op.size() - 1 - before;
        MemorySegment x = memory.input(0);
        MemorySegment y = memory.output(0);
        return new ElementKernel(lines.count(), line -> {
            for (int c = 0; c < lines.length(); c++) {
                double squares = 0;
                int end = (int) Math.min((long) c + behind, lines.length() - 1);
                for (int d = Math.max(0, c - before); d <= end; d++) {
                    double v = Elements.real(x, t, lines.at(line, d));
                    squares += v * v;
                }
                double scale = StrictMath.pow(op.bias() + (double) op.alpha() / op.size() * squares, op.beta());
                Elements.real(y, t, lines.at(line, c), Elements.real(x, t, lines.at(line, c)) / scale);
            }
        });
    }
}
