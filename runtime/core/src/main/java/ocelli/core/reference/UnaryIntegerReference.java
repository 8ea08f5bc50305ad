package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Unary;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** The element-wise functions that stay within the integers, on plain ones, and the negation of booleans. */
final class UnaryIntegerReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        Unary op = (Unary) r.op();
        TensorType in = r.inputType(0);
        boolean fits = !in.dtype().isFloat() && in.quant().isNone() && r.outputType().equals(in);
        return !r.isDense() ? Support.no("operands are not dense")
                : !fits ? Support.no("input is " + in + ", output is " + r.outputType())
                : !staysInteger(op.kind()) ? Support.no("no " + op.name() + " of integers")
                : Support.yes("UnaryIntegerReference", "java");
    }

    private static boolean staysInteger(Unary.Kind kind) {
        return switch (kind) {
            case RELU, RELU6, RELU_N1_TO_1, CLIP, ABS, NEG, SIGN, FLOOR, CEIL, ROUND, NOT -> true;
            default -> false;
        };
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Unary op = (Unary) r.op();
        DType t = r.inputType(0).dtype();
        MemorySegment x = memory.input(0);
        MemorySegment y = memory.output(0);
        // The bounds in the type itself; a clamp between two integers lets no others through.
        long low = Elements.truncate(Math.ceil(low(op)), t);
        long high = Elements.truncate(Math.floor(high(op)), t);
        return new ElementKernel(r.outputType().shape().elements(), i -> {
            long v = Elements.integer(x, t, i);
            Elements.integer(y, t, i, switch (op.kind()) {
                case ABS -> t.isUnsigned() ? v : Math.abs(v);
                case NEG -> -v;
                case SIGN -> t.isUnsigned() ? v == 0 ? 0 : 1 : Long.signum(v);
                case NOT -> 1 - v;
                case RELU, RELU6, RELU_N1_TO_1, CLIP -> BinaryIntegerReference.smaller(BinaryIntegerReference.larger(v, low, t), high, t);
                default -> v;
            });
        });
    }

    private static double low(Unary op) {
        return switch (op.kind()) {
            case RELU, RELU6 -> 0;
            case RELU_N1_TO_1 -> -1;
            default -> op.alpha();
        };
    }

    private static double high(Unary op) {
        return switch (op.kind()) {
            case RELU -> Double.POSITIVE_INFINITY;
            case RELU6 -> 6;
            case RELU_N1_TO_1 -> 1;
            default -> op.beta();
        };
    }
}
