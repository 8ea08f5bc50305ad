package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Reduce;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/** Reductions of floats over any axes, through float64 in row-major order. A NaN among the elements makes the result one. */
final class ReduceFloatReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        DType t = r.inputType(0).dtype();
        return !r.isDense() ? Support.no("operands are not dense")
                : t.isFloat() && r.outputType().dtype() == t ? Support.yes("ReduceFloatReference", "java")
                : Support.no("input is " + r.inputType(0) + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Reduce op = (Reduce) r.op();
        DType t = r.inputType(0).dtype();
        Strided kept = Strided.over(r.inputType(0).shape(), d -> !op.axes().contains(d));
        Strided reduced = Strided.over(r.inputType(0).shape(), op.axes()::contains);
        Slice slice = new Slice(memory.input(0), t, reduced, reduced.count());
        MemorySegment y = memory.output(0);
        return new ElementKernel(r.outputType().shape().elements(), i -> Elements.real(y, t, i, reduce(op.kind(), slice, kept.at(i))));
    }

    /** The elements that make one result. */
    private record Slice(MemorySegment x, DType type, Strided at, int count) {
        double element(int first, int k) {
            return Elements.real(x, type, first + at.at(k));
        }

        double sum(int first) {
            double sum = 0;
            for (int k = 0; k < count; k++) {
                sum += element(first, k);
            }
            return sum;
        }
    }

    private static double reduce(Reduce.Kind kind, Slice x, int first) {
        int n = x.count;
        return switch (kind) {
            case SUM -> x.sum(first);
            case MEAN -> x.sum(first) / n;
            case LOG_SUM -> StrictMath.log(x.sum(first));
            case PRODUCT -> {
                double product = 1;
                for (int k = 0; k < n; k++) {
                    product *= x.element(first, k);
                }
                yield product;
            }
            case MIN -> {
                double least = Double.POSITIVE_INFINITY;
                for (int k = 0; k < n; k++) {
                    least = Math.min(least, x.element(first, k));
                }
                yield least;
            }
            case MAX -> most(x, first);
            case L1 -> {
                double sum = 0;
                for (int k = 0; k < n; k++) {
                    sum += Math.abs(x.element(first, k));
                }
                yield sum;
            }
            case L2 -> Math.sqrt(squares(x, first));
            case SUM_SQUARE -> squares(x, first);
            case LOG_SUM_EXP -> {
                double most = most(x, first);
                if (Double.isInfinite(most)) {
                    yield most;
                }
                double sum = 0;
                for (int k = 0; k < n; k++) {
                    sum += StrictMath.exp(x.element(first, k) - most);
                }
                yield most + StrictMath.log(sum);
            }
        };
    }

    private static double most(Slice x, int first) {
        double most = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < x.count; k++) {
            most = Math.max(most, x.element(first, k));
        }
        return most;
    }

    private static double squares(Slice x, int first) {
        double sum = 0;
        for (int k = 0; k < x.count; k++) {
            sum += x.element(first, k) * x.element(first, k);
        }
        return sum;
    }
}
