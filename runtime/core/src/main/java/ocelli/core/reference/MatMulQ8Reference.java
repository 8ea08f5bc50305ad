package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Activation;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.TensorType;

/** Matrix products of 8-bit quantised tensors: exact int32 sums through the {@link Requantizer} with scale sa·sb/so. */
final class MatMulQ8Reference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        TensorType a = r.inputType(0);
        TensorType b = r.inputType(1);
        boolean quantised = a.isQuantized8() && !a.quant().isPerAxis() && b.isQuantized8() && r.outputType().isQuantized8();
        boolean columns = !b.quant().isPerAxis() || b.quant().axis() == b.shape().rank() - 1;
        return !r.isDense() ? Support.no("operands are not dense") : quantised && columns ? Support.yes("MatMulQ8Reference", "java")
                : Support.no("operands are " + a + ", " + b + " and " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        MatrixLoops at = MatrixLoops.of(r);
        TensorType aType = r.inputType(0);
        TensorType bType = r.inputType(1);
        Requantizer rule = Requantizer.ofWeights(aType, bType, at.n(), r.outputType(), Activation.NONE);
        MemorySegment a = memory.input(0);
        MemorySegment b = memory.input(1);
        MemorySegment y = memory.output(0);
        boolean aSigned = Memory.signed(aType.dtype());
        boolean bSigned = Memory.signed(bType.dtype());
        int za = aType.quant().zeroPoint();
        return new RowKernel(at.rows(), row -> {
            for (int c = 0; c < at.n(); c++) {
                int zb = bType.quant().zeroPoint(c);
                int sum = 0;
                for (int i = 0; i < at.k(); i++) {
                    int q = Memory.q8(b, bSigned, at.matrixOfB(row) + i * at.n() + c);
                    sum += (Memory.q8(a, aSigned, at.rowOfA(row) + i) - za) * (q - zb);
                }
                Memory.q8(y, row * at.n() + c, rule.apply(sum, c));
            }
        });
    }
}
