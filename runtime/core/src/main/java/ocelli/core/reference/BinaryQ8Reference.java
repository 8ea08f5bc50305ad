package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import java.util.function.IntBinaryOperator;
import ocelli.core.graph.Binary;
import ocelli.core.kernel.FloatSum;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.QuantizedProduct;
import ocelli.core.kernel.QuantizedSum;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.TensorType;

/**
 * Add, Sub and Mul with broadcasting on 8-bit quantised tensors: sums by {@link QuantizedSum} or {@link FloatSum}, products by
 * {@link QuantizedProduct}.
 */
final class BinaryQ8Reference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        Binary op = (Binary) r.op();
        boolean quantised = r.inputType(0).isQuantized8() && r.inputType(1).isQuantized8() && r.outputType().isQuantized8();
        return !r.isDense() ? Support.no("operands are not dense")
                : !quantised ? Support.no("operands are " + r.inputType(0) + ", " + r.inputType(1) + " and " + r.outputType())
                : !op.kind().isSumOrProduct() ? Support.no("no " + op.name() + " of quantised tensors")
                : Support.yes("BinaryQ8Reference", "java");
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Binary op = (Binary) r.op();
        TensorType aType = r.inputType(0);
        TensorType bType = r.inputType(1);
        TensorType out = r.outputType();
        Strided ai = Strided.broadcast(aType.shape(), out.shape());
        Strided bi = Strided.broadcast(bType.shape(), out.shape());
        MemorySegment a = memory.input(0);
        MemorySegment b = memory.input(1);
        MemorySegment y = memory.output(0);
        boolean aSigned = Memory.signed(aType.dtype());
        boolean bSigned = Memory.signed(bType.dtype());
        IntBinaryOperator rule = rule(op, aType, bType, out);
        return new ElementKernel(out.shape().elements(), i -> Memory.q8(y, i,
                rule.applyAsInt(Memory.q8(a, aSigned, ai.at(i)), Memory.q8(b, bSigned, bi.at(i)))));
    }

    private static IntBinaryOperator rule(Binary op, TensorType a, TensorType b, TensorType out) {
        boolean difference = op.kind() == Binary.Kind.SUB;
        return op.kind() == Binary.Kind.MUL ? QuantizedProduct.of(a, b, out, op)::apply
                : op.rounding() == Binary.Rounding.FLOAT ? FloatSum.of(a, b, out, difference, op.activation())::apply
                : QuantizedSum.of(a, b, out, difference, op.activation())::apply;
    }
}
