package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Reduce;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.QuantTables;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.TensorType;

/**
 * Mean, sum and the extremes of 8-bit quantised tensors over any axes: an exact int32 sum through the {@link Requantizer} with
 * scale sx/so or sx/(so·n), or the extreme element in the output's quantisation.
 */
final class ReduceQ8Reference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        Reduce op = (Reduce) r.op();
        boolean defined = switch (op.kind()) {
            case MEAN, SUM, MIN, MAX -> true;
            default -> false;
        };
        return !r.isDense() ? Support.no("operands are not dense")
                : !r.inputType(0).isQuantized8() || !r.outputType().isQuantized8()
                ? Support.no("input is " + r.inputType(0) + ", output is " + r.outputType())
                : defined ? Support.yes("ReduceQ8Reference", "java") : Support.no("no " + op.name() + " of quantised tensors");
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Reduce op = (Reduce) r.op();
        TensorType in = r.inputType(0);
        TensorType out = r.outputType();
        Strided kept = Strided.over(in.shape(), d -> !op.axes().contains(d));
        Strided reduced = Strided.over(in.shape(), op.axes()::contains);
        MemorySegment x = memory.input(0);
        MemorySegment y = memory.output(0);
        boolean signed = Memory.signed(in.dtype());
        int n = reduced.count();
        if (op.kind() == Reduce.Kind.MIN || op.kind() == Reduce.Kind.MAX) {
            byte[] table = QuantTables.requantize(in, out);
            boolean largest = op.kind() == Reduce.Kind.MAX;
            return new ElementKernel(out.shape().elements(), i -> {
                int best = Memory.q8(x, signed, kept.at(i));
                for (int k = 1; k < n; k++) {
                    int q = Memory.q8(x, signed, kept.at(i) + reduced.at(k));
                    best = largest ? Math.max(best, q) : Math.min(best, q);
                }
                Memory.q8(y, i, table[best & 0xff]);
            });
        }
        int zero = in.quant().zeroPoint();
        int divisor = op.kind() == Reduce.Kind.MEAN ? n : 1;
        Requantizer rule = Requantizer.of(in.quant().scale() / (out.quant().scale() * divisor), out, Activation.NONE);
        return new ElementKernel(out.shape().elements(), i -> {
            int sum = 0;
            for (int k = 0; k < n; k++) {
                sum += Memory.q8(x, signed, kept.at(i) + reduced.at(k)) - zero;
            }
            Memory.q8(y, i, rule.apply(sum, 0));
        });
    }
}
