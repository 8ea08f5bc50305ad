package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** Matrix products of raw 8-bit integers less zero points that are read when the kernel runs; int32 sums that wrap around. */
final class MatMulIntegerReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        boolean zeros = fits(r.inputType(2), r.inputType(0)) && fits(r.inputType(3), r.inputType(1));
        return !r.isDense() ? Support.no("operands are not dense")
                : !zeros ? Support.no("zero points are " + r.inputType(2) + " and " + r.inputType(3) + " for " + r.inputType(0) + " and "
                        + r.inputType(1))
                : r.outputType().dtype() != DType.INT32 ? Support.no("output is " + r.outputType())
                : Support.yes("MatMulIntegerReference", "java");
    }

    /** One for all, or stretched over the tensor. */
    private static boolean fits(TensorType zero, TensorType tensor) {
        return Strided.fits(zero.shape(), tensor.shape());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        MatrixLoops at = MatrixLoops.of(r);
        Operand a = Operand.of(r, memory, 0);
        Operand b = Operand.of(r, memory, 1);
        MemorySegment y = memory.output(0);
        return new RowKernel(at.rows(), row -> {
            for (int c = 0; c < at.n(); c++) {
                int sum = 0;
                for (int i = 0; i < at.k(); i++) {
                    sum += a.value(at.rowOfA(row) + i) * b.value(at.matrixOfB(row) + i * at.n() + c);
                }
                Memory.i32(y, row * at.n() + c, sum);
            }
        });
    }

    /** A tensor with the zero points that are two inputs further. */
    private record Operand(MemorySegment data, MemorySegment zeros, Strided zero, boolean signed) {
        static Operand of(KernelRequest r, KernelMemory memory, int i) {
            return new Operand(memory.input(i), memory.input(i + 2), Strided.broadcast(r.inputType(i + 2).shape(), r.inputType(i).shape()),
                    Memory.signed(r.inputType(i).dtype()));
        }

        int value(int i) {
            return Memory.q8(data, signed, i) - Memory.q8(zeros, signed, zero.at(i));
        }
    }
}
