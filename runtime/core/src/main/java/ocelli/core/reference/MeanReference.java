package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Reduce;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Mean over any axes, float32 through float64 and 8-bit with an exact int32 sum. */
final class MeanReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        boolean floats = r.inputType(0).dtype() == DType.FLOAT32 && r.outputType().dtype() == DType.FLOAT32;
        boolean quantised = r.inputType(0).isQuantized8() && r.outputType().isQuantized8();
        return !r.isDense() ? Support.no("operands are not dense")
                : floats || quantised ? Support.yes("MeanReference", "java")
                : Support.no("input is " + r.inputType(0) + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Shape in = r.inputType(0).shape();
        Reduce op = (Reduce) r.op();
        int[] kept = new int[in.rank()];
        int step = 1;
        for (int d = in.rank() - 1; d >= 0; d--) {
            boolean reduced = op.axes().contains(d);
            kept[d] = reduced ? 0 : step;
            step *= reduced ? 1 : in.dim(d);
        }
        return new Bound(in, kept, step, r.inputType(0), r.outputType(), memory.input(0), memory.output(0));
    }

    private static final class Bound implements Kernel {
        /** For each input element the output element that it is summed into. */
        private final int[] targets;
        private final int outputs;
        private final int count;
        private final TensorType xType;
        private final Requantizer requantizer;
        private final double[] sums;
        private final int[] accs;
        private final MemorySegment x;
        private final MemorySegment y;

        Bound(Shape in, int[] kept, int outputs, TensorType xType, TensorType out, MemorySegment x, MemorySegment y) {
            this.outputs = outputs;
            this.xType = xType;
            this.x = x;
            this.y = y;
            targets = new int[in.elements()];
            count = outputs == 0 ? 1 : targets.length / outputs;
            int[] at = new int[in.rank()];
            for (int i = 0; i < targets.length; i++) {
                for (int d = 0; d < at.length; d++) {
                    targets[i] += at[d] * kept[d];
                }
                for (int d = at.length - 1; d >= 0 && ++at[d] == in.dim(d); d--) {
                    at[d] = 0;
                }
            }
            sums = new double[outputs];
            accs = new int[outputs];
            requantizer = out.isQuantized8()
                    ? Requantizer.of(xType.quant().scale() / (out.quant().scale() * count), out, Activation.NONE)
                    : null;
        }

        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int o = 0; o < outputs; o++) {
                sums[o] = 0;
                accs[o] = 0;
            }
            for (int i = 0; i < targets.length; i++) {
                if (requantizer == null) {
                    sums[targets[i]] += Memory.f32(x, i);
                } else {
                    accs[targets[i]] += Memory.q8(x, Memory.signed(xType.dtype()), i) - xType.quant().zeroPoint();
                }
            }
            for (int o = 0; o < outputs; o++) {
                if (requantizer == null) {
                    Memory.f32(y, o, (float) (sums[o] / count));
                } else {
                    Memory.q8(y, o, requantizer.apply(accs[o], 0));
                }
            }
        }
    }
}
