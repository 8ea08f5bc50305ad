package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/** Matrix products of floats, summed in float64, and of integers, which wrap around. */
final class MatMulReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        DType t = r.inputType(0).dtype();
        boolean fits = r.inputType(1).dtype() == t && r.outputType().dtype() == t && (t.isFloat() || t.bytes() >= 4);
        return !r.isDense() ? Support.no("operands are not dense") : fits ? Support.yes("MatMulReference", "java")
                : Support.no("operands are " + r.inputType(0) + ", " + r.inputType(1) + " and " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        MatrixLoops at = MatrixLoops.of(r);
        DType t = r.inputType(0).dtype();
        MemorySegment a = memory.input(0);
        MemorySegment b = memory.input(1);
        MemorySegment y = memory.output(0);
        return new RowKernel(at.rows(), t.isFloat() ? row -> {
            for (int c = 0; c < at.n(); c++) {
                double sum = 0;
                for (int i = 0; i < at.k(); i++) {
                    sum += Elements.real(a, t, at.rowOfA(row) + i) * Elements.real(b, t, at.matrixOfB(row) + i * at.n() + c);
                }
                Elements.real(y, t, row * at.n() + c, sum);
            }
        } : row -> {
            for (int c = 0; c < at.n(); c++) {
                long sum = 0;
                for (int i = 0; i < at.k(); i++) {
                    sum += Elements.integer(a, t, at.rowOfA(row) + i) * Elements.integer(b, t, at.matrixOfB(row) + i * at.n() + c);
                }
                Elements.integer(y, t, row * at.n() + c, sum);
            }
        });
    }
}
