package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Compare;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** Comparisons with broadcasting on every type; 8-bit quantised tensors of different scales by the numbers they stand for. */
final class CompareReference implements KernelFactory {
    /** Answers of {@link #order} beside −1, 0 and 1. */
    private static final int UNORDERED = 2;

    @Override
    public Support supports(KernelRequest r) {
        return !r.isDense() ? Support.no("operands are not dense")
                : r.outputType().dtype() == DType.BOOL && r.inputType(0).dtype() == r.inputType(1).dtype()
                ? Support.yes("CompareReference", "java")
                : Support.no("operands are " + r.inputType(0) + ", " + r.inputType(1) + " and " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Compare.Kind kind = ((Compare) r.op()).kind();
        TensorType aType = r.inputType(0);
        TensorType bType = r.inputType(1);
        Strided ai = Strided.broadcast(aType.shape(), r.outputType().shape());
        Strided bi = Strided.broadcast(bType.shape(), r.outputType().shape());
        MemorySegment a = memory.input(0);
        MemorySegment b = memory.input(1);
        MemorySegment y = memory.output(0);
        boolean real = aType.dtype().isFloat() || aType.isQuantized8() && bType.isQuantized8() && !aType.quant().equals(bType.quant());
        return new ElementKernel(r.outputType().shape().elements(), i -> {
            int order = real ? order(real(a, aType, ai.at(i)), real(b, bType, bi.at(i)))
                    : Integer.signum(Elements.compare(a, ai.at(i), b, bi.at(i), aType.dtype()));
            Elements.integer(y, DType.BOOL, i, holds(kind, order) ? 1 : 0);
        });
    }

    private static double real(MemorySegment m, TensorType t, int i) {
        double v = Elements.real(m, t.dtype(), i);
        return t.isQuantized8() ? (v - t.quant().zeroPoint()) * t.quant().scale() : v;
    }

    private static int order(double a, double b) {
        return a < b ? -1 : a > b ? 1 : a == b ? 0 : UNORDERED;
    }

    private static boolean holds(Compare.Kind kind, int order) {
        return switch (kind) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order == -1;
            case LESS_OR_EQUAL -> order == -1 || order == 0;
            case GREATER -> order == 1;
            case GREATER_OR_EQUAL -> order == 1 || order == 0;
        };
    }
}
