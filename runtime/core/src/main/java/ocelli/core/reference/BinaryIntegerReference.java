package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Binary;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/**
 * Arithmetic with broadcasting on plain integers, which wraps around, and logic of booleans. Quotients truncate, and like
 * remainders they are 0 where the divisor is; a shift by all bits or more gives 0. A power with a float exponent is computed
 * in float64 and saturates; with a negative one it is what is left of 1/a^|b|.
 */
final class BinaryIntegerReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        Binary op = (Binary) r.op();
        DType t = r.inputType(0).dtype();
        DType second = r.inputType(1).dtype();
        boolean plain = isPlain(r.inputType(0)) && isPlain(r.inputType(1)) && isPlain(r.outputType());
        boolean fits = plain && !t.isFloat() && r.outputType().dtype() == t
                && (second == t || op.kind() == Binary.Kind.POW && second != DType.BOOL);
        boolean shift = op.kind() == Binary.Kind.SHIFT_LEFT || op.kind() == Binary.Kind.SHIFT_RIGHT;
        return !r.isDense() ? Support.no("operands are not dense")
                : !fits ? Support.no("operands are " + r.inputType(0) + ", " + r.inputType(1) + " and " + r.outputType())
                : shift && !t.isUnsigned() ? Support.no("shift of " + t.label())
                : !op.activation().isNone() ? Support.no("clamp of " + t.label())
                : Support.yes("BinaryIntegerReference", "java");
    }

    /** A scale of 32-bit integers is that of an accumulator, whose operands share it. */
    private static boolean isPlain(TensorType t) {
        return t.quant().isNone() || t.dtype().bytes() >= 4;
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Binary.Kind kind = ((Binary) r.op()).kind();
        DType t = r.inputType(0).dtype();
        DType second = r.inputType(1).dtype();
        Strided ai = Strided.broadcast(r.inputType(0).shape(), r.outputType().shape());
        Strided bi = Strided.broadcast(r.inputType(1).shape(), r.outputType().shape());
        MemorySegment a = memory.input(0);
        MemorySegment b = memory.input(1);
        MemorySegment y = memory.output(0);
        int n = r.outputType().shape().elements();
        if (second.isFloat()) {
            return new ElementKernel(n, i -> Elements.real(y, t, i,
                    BinaryFloatReference.apply(kind, Elements.real(a, t, ai.at(i)), Elements.real(b, second, bi.at(i)))));
        }
        if (kind == Binary.Kind.POW) {
            return new ElementKernel(n, i -> Elements.integer(y, t, i,
                    power(Elements.integer(a, t, ai.at(i)), Elements.integer(b, second, bi.at(i)), second.isUnsigned())));
        }
        return new ElementKernel(n, i -> {
            long p = Elements.integer(a, t, ai.at(i));
            long q = Elements.integer(b, t, bi.at(i));
            Elements.integer(y, t, i, switch (kind) {
                case MIN -> smaller(p, q, t);
                case MAX -> larger(p, q, t);
                default -> t.isUnsigned() ? unsigned(kind, p, q, t.bytes() * 8) : signed(kind, p, q);
            });
        });
    }

    static long smaller(long a, long b, DType t) {
        return t.isUnsigned() ? Long.compareUnsigned(a, b) <= 0 ? a : b : Math.min(a, b);
    }

    static long larger(long a, long b, DType t) {
        return t.isUnsigned() ? Long.compareUnsigned(a, b) >= 0 ? a : b : Math.max(a, b);
    }

    private static long signed(Binary.Kind kind, long a, long b) {
        return switch (kind) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> b == 0 ? 0 : a / b;
            case MOD -> b == 0 ? 0 : Math.floorMod(a, b);
            case FMOD -> b == 0 ? 0 : a % b;
            case AND -> a & b;
            case OR -> a | b;
            case XOR -> a ^ b;
            case MIN, MAX, POW, SHIFT_LEFT, SHIFT_RIGHT -> throw new AssertionError(kind);
        };
    }

    private static long unsigned(Binary.Kind kind, long a, long b, int bits) {
        return switch (kind) {
            case DIV -> b == 0 ? 0 : Long.divideUnsigned(a, b);
            case MOD, FMOD -> b == 0 ? 0 : Long.remainderUnsigned(a, b);
            case SHIFT_LEFT -> Long.compareUnsigned(b, bits) >= 0 ? 0 : a << b;
            case SHIFT_RIGHT -> Long.compareUnsigned(b, bits) >= 0 ? 0 : a >>> b;
            default -> signed(kind, a, b);
        };
    }

    private static long power(long a, long b, boolean unsigned) {
        if (b < 0 && !unsigned) {
            return a == 1 || a == -1 ? b % 2 == 0 ? 1 : a : 0;
        }
        long result = 1;
        long square = a;
        for (long rest = b; rest != 0; rest >>>= 1) {
            result *= (rest & 1) == 1 ? square : 1;
            square *= square;
        }
        return result;
    }
}
