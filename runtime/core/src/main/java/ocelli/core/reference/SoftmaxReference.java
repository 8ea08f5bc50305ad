package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Softmax;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.QuantTables;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/** Softmax over the last dimension, floats through float64 and 8-bit through a table of fixed-point exponentials. */
final class SoftmaxReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        DType t = r.inputType(0).dtype();
        boolean floats = t.isFloat() && r.outputType().dtype() == t;
        boolean quantised = r.inputType(0).isQuantized8() && r.outputType().isQuantized8();
        return !r.isDense() ? Support.no("operands are not dense")
                : floats || quantised ? Support.yes("SoftmaxReference", "java")
                : Support.no("input is " + r.inputType(0) + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        float beta = ((Softmax) r.op()).beta();
        int depth = r.inputType(0).shape().channels();
        int rows = depth == 0 ? 0 : r.inputType(0).shape().elements() / depth;
        if (r.inputType(0).dtype().isFloat()) {
            return floats(rows, depth, beta, r.inputType(0).dtype(), memory.input(0), memory.output(0));
        }
        return new Quantised(rows, depth, QuantTables.exponentials((double) beta * r.inputType(0).quant().scale()),
                Memory.signed(r.inputType(0).dtype()), r.outputType().quant().scale(),
                Requantizer.of(1, r.outputType(), Activation.NONE), memory.input(0), memory.output(0));
    }

    private static Kernel floats(int rows, int depth, float beta, DType t, MemorySegment x, MemorySegment y) {
        return new ElementKernel(rows, row -> {
            long first = (long) row * depth;
            double most = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < depth; c++) {
                most = Math.max(most, Elements.real(x, t, first + c));
            }
            double sum = 0;
            for (int c = 0; c < depth; c++) {
                sum += StrictMath.exp(beta * (Elements.real(x, t, first + c) - most));
            }
            for (int c = 0; c < depth; c++) {
                Elements.real(y, t, first + c, StrictMath.exp(beta * (Elements.real(x, t, first + c) - most)) / sum);
            }
        });
    }

    /** The sum is an exact integer, so its order does not matter: q = round((float) e · (float) (1 / (sum · so))) + zo. */
    private record Quantised(int rows, int depth, int[] table, boolean signed, float scale, Requantizer requantizer,
                             MemorySegment x, MemorySegment y) implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (long r = 0; r < rows; r++) {
                int most = Integer.MIN_VALUE;
                for (int c = 0; c < depth; c++) {
                    most = Math.max(most, Memory.q8(x, signed, r * depth + c));
                }
                long sum = 0;
                for (int c = 0; c < depth; c++) {
                    sum += table[most - Memory.q8(x, signed, r * depth + c)];
                }
                float factor = (float) (1 / ((double) sum * scale));
                for (int c = 0; c < depth; c++) {
                    int e = table[most - Memory.q8(x, signed, r * depth + c)];
                    Memory.q8(y, r * depth + c, requantizer.apply(e, factor));
                }
            }
        }
    }
}
