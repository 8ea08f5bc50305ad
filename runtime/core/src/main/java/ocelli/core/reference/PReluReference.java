package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Activation;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** PReLU on float32 and 8-bit quantised tensors; the two sides of zero have a requantisation scale each. */
final class PReluReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        boolean floats = r.inputType(0).dtype() == DType.FLOAT32 && r.inputType(1).dtype() == DType.FLOAT32
                && r.outputType().dtype() == DType.FLOAT32;
        boolean quantised = r.inputType(0).isQuantized8() && r.inputType(1).isQuantized8() && !r.inputType(1).quant().isPerAxis()
                && r.outputType().isQuantized8();
        return !r.isDense() ? Support.no("operands are not dense")
                : floats || quantised ? Support.yes("PReluReference", "java")
                : Support.no("operands are " + r.inputType(0) + ", " + r.inputType(1) + " and " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Strided alphas = Strided.broadcast(r.inputType(1).shape(), r.outputType().shape());
        if (r.inputType(0).dtype() == DType.FLOAT32) {
            return new Float32(r.outputType().shape().elements(), alphas, memory.input(0), memory.input(1), memory.output(0));
        }
        TensorType x = r.inputType(0);
        TensorType a = r.inputType(1);
        float ratio = x.quant().scale() / r.outputType().quant().scale();
        return new Quantised(r.outputType().shape().elements(), alphas, x, a, Requantizer.of(ratio, r.outputType(), Activation.NONE),
                Requantizer.of(x.quant().scale() * a.quant().scale() / r.outputType().quant().scale(), r.outputType(), Activation.NONE),
                memory.input(0), memory.input(1), memory.output(0));
    }

    private record Float32(int count, Strided alphas, MemorySegment x, MemorySegment alpha, MemorySegment y) implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int i = 0; i < count; i++) {
                float v = Memory.f32(x, i);
                Memory.f32(y, i, v >= 0 ? v : v * Memory.f32(alpha, alphas.at(i)));
            }
        }
    }

    private record Quantised(int count, Strided alphas, TensorType xType, TensorType aType, Requantizer positive, Requantizer negative,
                             MemorySegment x, MemorySegment alpha, MemorySegment y) implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int i = 0; i < count; i++) {
                int v = Memory.q8(x, Memory.signed(xType.dtype()), i) - xType.quant().zeroPoint();
                int a = Memory.q8(alpha, Memory.signed(aType.dtype()), alphas.at(i)) - aType.quant().zeroPoint();
                Memory.q8(y, i, v >= 0 ? positive.apply(v, 0) : negative.apply(v * a, 0));
            }
        }
    }
}
