package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.ArgReduce;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/** Index of the extreme element of a line, on every type. NaN is more extreme than any number. */
final class ArgReduceReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        DType to = r.outputType().dtype();
        return !r.isDense() ? Support.no("operands are not dense")
                : to == DType.INT64 || to == DType.INT32 ? Support.yes("ArgReduceReference", "java")
                : Support.no("output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        ArgReduce op = (ArgReduce) r.op();
        DType t = r.inputType(0).dtype();
        DType to = r.outputType().dtype();
        Lines lines = Lines.along(r.inputType(0).shape(), op.axis());
        MemorySegment x = memory.input(0);
        MemorySegment y = memory.output(0);
        return new ElementKernel(lines.count(), line -> {
            int best = 0;
            for (int k = 1; k < lines.length(); k++) {
                int order = order(op.largest(), x, lines.at(line, k), lines.at(line, best), t);
                best = order > 0 || order == 0 && op.last() ? k : best;
            }
            Elements.integer(y, to, line, best);
        });
    }

    /** Positive when element {@code i} is more extreme than element {@code j}. */
    private static int order(boolean largest, MemorySegment x, int i, int j, DType t) {
        int order = Elements.compare(x, i, x, j, t);
        boolean number = largest || !t.isFloat() || !Double.isNaN(Elements.real(x, t, i)) && !Double.isNaN(Elements.real(x, t, j));
        return largest || !number ? order : -order;
    }
}
