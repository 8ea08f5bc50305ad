package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import java.util.function.DoubleUnaryOperator;
import ocelli.core.graph.Reduce;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/**
 * Reductions of plain integers over any axes, with 64-bit sums and products that wrap around; means are truncated, and so are
 * roots and logarithms, which are computed in float64. Booleans have a minimum (all) and a maximum (any).
 */
final class ReduceIntegerReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        Reduce op = (Reduce) r.op();
        TensorType in = r.inputType(0);
        boolean fits = !in.dtype().isFloat() && in.quant().isNone() && r.outputType().dtype() == in.dtype()
                && r.outputType().quant().isNone();
        boolean order = op.kind() == Reduce.Kind.MIN || op.kind() == Reduce.Kind.MAX;
        return !r.isDense() ? Support.no("operands are not dense")
                : !fits ? Support.no("input is " + in + ", output is " + r.outputType())
                : in.dtype() == DType.BOOL && !order ? Support.no("no " + op.name() + " of booleans")
                : Support.yes("ReduceIntegerReference", "java");
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Reduce op = (Reduce) r.op();
        DType t = r.inputType(0).dtype();
        Strided kept = Strided.over(r.inputType(0).shape(), d -> !op.axes().contains(d));
        Strided reduced = Strided.over(r.inputType(0).shape(), op.axes()::contains);
        Slice slice = new Slice(memory.input(0), t, reduced, reduced.count());
        MemorySegment y = memory.output(0);
        return new ElementKernel(r.outputType().shape().elements(), i -> Elements.integer(y, t, i, slice.reduce(op.kind(), kept.at(i))));
    }

    private record Slice(MemorySegment x, DType type, Strided at, int count) {
        long reduce(Reduce.Kind kind, int first) {
            return switch (kind) {
                case MEAN -> type == DType.UINT64 ? Long.divideUnsigned(fold(Reduce.Kind.SUM, first), count)
                        : fold(Reduce.Kind.SUM, first) / count;
                case L2 -> Elements.truncate(Math.sqrt(real(first, v -> v * v)), type);
                case LOG_SUM -> Elements.truncate(StrictMath.log(real(first, v -> v)), type);
                case LOG_SUM_EXP -> {
                    double most = Elements.real(fold(Reduce.Kind.MAX, first), type);
                    yield Elements.truncate(most + StrictMath.log(real(first, v -> StrictMath.exp(v - most))), type);
                }
                default -> fold(kind, first);
            };
        }

        private long fold(Reduce.Kind kind, int first) {
            long result = switch (kind) {
                case SUM, L1, SUM_SQUARE -> 0;
                case PRODUCT -> 1;
                default -> element(first, 0);
            };
            for (int k = 0; k < count; k++) {
                long v = element(first, k);
                result = switch (kind) {
                    case SUM -> result + v;
                    case PRODUCT -> result * v;
                    case L1 -> result + (type.isUnsigned() ? v : Math.abs(v));
                    case SUM_SQUARE -> result + v * v;
                    case MIN -> BinaryIntegerReference.smaller(result, v, type);
                    case MAX -> BinaryIntegerReference.larger(result, v, type);
                    default -> throw new AssertionError(kind);
                };
            }
            return result;
        }

        private long element(int first, int k) {
            return Elements.integer(x, type, first + at.at(k));
        }

        private double real(int first, DoubleUnaryOperator term) {
            double sum = 0;
            for (int k = 0; k < count; k++) {
                sum += term.applyAsDouble(Elements.real(x, type, first + at.at(k)));
            }
            return sum;
        }
    }
}
