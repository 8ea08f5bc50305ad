package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.graph.Concat;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.QuantTables;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Concatenation of all element types; an 8-bit input whose scale differs from the output's goes through a table. */
final class ConcatReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        TensorType out = r.outputType();
        boolean fits = r.inputs().stream().allMatch(i -> i.type().dtype() == out.dtype()
                && i.type().isQuantized8() == out.isQuantized8());
        return !r.isDense() ? Support.no("operands are not dense")
                : fits ? Support.yes("ConcatReference", "java") : Support.no("inputs do not have the type of the output " + out);
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Shape out = r.outputType().shape();
        int axis = out.axis(((Concat) r.op()).axis());
        int outer = 1;
        for (int d = 0; d < axis; d++) {
            outer *= out.dim(d);
        }
        int n = r.inputs().size();
        MemorySegment[] inputs = new MemorySegment[n];
        long[] runs = new long[n];
        byte[][] tables = new byte[n][];
        for (int i = 0; i < n; i++) {
            TensorType t = r.inputType(i);
            inputs[i] = memory.input(i);
            runs[i] = outer == 0 ? 0 : t.bytes() / outer;
            tables[i] = t.isQuantized8() && !t.quant().equals(r.outputType().quant()) ? QuantTables.requantize(t, r.outputType()) : null;
        }
        return new Bound(inputs, runs, tables, outer, memory.output(0));
    }

    /** @param runs bytes that each input gives to one step of the dimensions before the axis */
    private record Bound(MemorySegment[] inputs, long[] runs, byte[][] tables, int outer, MemorySegment y) implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            long to = 0;
            for (int o = 0; o < outer; o++) {
                for (int i = 0; i < inputs.length; i++) {
                    for (long b = 0; b < runs[i]; b++) {
                        byte v = inputs[i].get(ValueLayout.JAVA_BYTE, o * runs[i] + b);
                        y.set(ValueLayout.JAVA_BYTE, to++, tables[i] == null ? v : tables[i][v & 0xff]);
                    }
                }
            }
        }
    }
}
