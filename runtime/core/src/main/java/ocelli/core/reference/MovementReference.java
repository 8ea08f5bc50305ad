package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Resize;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.QuantTables;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.TensorType;

/**
 * Every operator that only moves elements to places that are known beforehand: for each element of an output the index of its
 * source element is worked out once, at bind. Works on all element types; 8-bit tensors are requantised on the way when their
 * scales differ.
 */
final class MovementReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        if (!r.isDense()) {
            return Support.no("operands are not dense");
        }
        TensorType in = r.inputType(0);
        boolean resample = r.op() instanceof Resize resize && resize.kind() != Resize.Kind.NEAREST;
        if (resample) {
            return Support.no("interpolation is not a movement");
        }
        boolean fits = r.outputs().stream().allMatch(o -> o.type().dtype() == in.dtype()
                && (in.isQuantized8() == o.type().isQuantized8() || r.op() instanceof Reinterpret));
        return fits ? Support.yes("MovementReference", "java") : Support.no("input is " + in + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        MemorySegment[] outputs = new MemorySegment[r.outputs().size()];
        int[][] sources = new int[outputs.length][];
        byte[][] tables = new byte[outputs.length][];
        for (int i = 0; i < outputs.length; i++) {
            TensorType out = r.outputs().get(i).type();
            outputs[i] = memory.output(i);
            sources[i] = MovementSources.of(r.op(), r.inputType(0).shape(), out.shape(), i);
            boolean rescale = out.isQuantized8() && !(r.op() instanceof Reinterpret) && !out.quant().equals(r.inputType(0).quant());
            tables[i] = rescale ? QuantTables.requantize(r.inputType(0), out) : null;
        }
        long fill = RawElements.bits(r.outputType(), filling(r.op()));
        return new Bound(memory.input(0), outputs, sources, tables, fill, r.outputType().dtype().bytes());
    }

    /** The real number that stands where an output has no source. */
    private static float filling(Op op) {
        return switch (op) {
            case Pad p -> p.value();
            case Resize r -> r.rule().outside();
            default -> 0;
        };
    }

    private record Bound(MemorySegment x, MemorySegment[] outputs, int[][] sources, byte[][] tables, long fill, int bytes)
            implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int o = 0; o < outputs.length; o++) {
                for (int i = 0; i < sources[o].length; i++) {
                    RawElements.put(outputs[o], i, element(sources[o][i], tables[o]), bytes);
                }
            }
        }

        private long element(int from, byte[] table) {
            if (from == MovementSources.FILL) {
                return fill;
            }
            long bits = RawElements.get(x, from, bytes);
            return table == null ? bits : table[(int) bits];
        }
    }
}
