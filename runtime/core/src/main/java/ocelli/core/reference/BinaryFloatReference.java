package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/**
 * Arithmetic with broadcasting on floats, in float64 and rounded once. The float64 result of a sum, product or quotient of
 * narrower floats rounds to the same float as the exact one, for float64 has more than twice their digits.
 */
final class BinaryFloatReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        Binary op = (Binary) r.op();
        DType t = r.inputType(0).dtype();
        DType second = r.inputType(1).dtype();
        boolean fits = t.isFloat() && r.outputType().dtype() == t && (second == t || op.kind() == Binary.Kind.POW && second != DType.BOOL);
        return !r.isDense() ? Support.no("operands are not dense")
                : !fits ? Support.no("operands are " + r.inputType(0) + ", " + r.inputType(1) + " and " + r.outputType())
                : isInteger(op.kind()) ? Support.no("no " + op.name() + " of floats")
                : t != DType.FLOAT32 && !op.activation().isNone() ? Support.no("clamp of " + t.label())
                : Support.yes("BinaryFloatReference", "java");
    }

    private static boolean isInteger(Binary.Kind kind) {
        return kind.isLogic() || kind == Binary.Kind.SHIFT_LEFT || kind == Binary.Kind.SHIFT_RIGHT;
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Binary op = (Binary) r.op();
        DType t = r.inputType(0).dtype();
        DType second = r.inputType(1).dtype();
        Strided ai = Strided.broadcast(r.inputType(0).shape(), r.outputType().shape());
        Strided bi = Strided.broadcast(r.inputType(1).shape(), r.outputType().shape());
        Activation clamp = op.activation();
        MemorySegment a = memory.input(0);
        MemorySegment b = memory.input(1);
        MemorySegment y = memory.output(0);
        return new ElementKernel(r.outputType().shape().elements(), i -> {
            double v = apply(op.kind(), Elements.real(a, t, ai.at(i)), Elements.real(b, second, bi.at(i)));
            Elements.real(y, t, i, Math.min(Math.max(v, clamp.min()), clamp.max()));
        });
    }

    static double apply(Binary.Kind kind, double a, double b) {
        return switch (kind) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case POW -> power(a, b);
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            case MOD -> modulo(a, b);
            case FMOD -> a % b;
            case SHIFT_LEFT, SHIFT_RIGHT, AND, OR, XOR -> throw new AssertionError(kind);
        };
    }

    /** As C and IEEE 754 define it: 1 to any power is 1, and so is −1 to an infinite one. */
    private static double power(double a, double b) {
        return a == 1 || a == -1 && Double.isInfinite(b) ? 1 : StrictMath.pow(a, b);
    }

    private static double modulo(double a, double b) {
        double rest = a % b;
        return rest != 0 && rest < 0 != b < 0 ? rest + b : rest;
    }
}
