package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.graph.Op;
import ocelli.core.graph.Unary;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.QuantTables;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/** Element-wise functions: float32 through float64, 8-bit through a table; requantisation is one of these tables. */
final class UnaryReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        boolean floats = r.op() instanceof Unary && r.inputType(0).dtype() == DType.FLOAT32 && r.outputType().dtype() == DType.FLOAT32;
        boolean quantised = r.inputType(0).isQuantized8() && r.outputType().isQuantized8();
        return !r.isDense() ? Support.no("operands are not dense")
                : floats || quantised ? Support.yes("UnaryReference", "java")
                : Support.no("input is " + r.inputType(0) + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        if (r.inputType(0).isQuantized8()) {
            return new Table(table(r), memory.input(0), memory.output(0));
        }
        return new Float32((Unary) r.op(), memory.input(0), memory.output(0));
    }

    private static byte[] table(KernelRequest r) {
        Op op = r.op();
        return op instanceof Unary u ? QuantTables.unary(r.inputType(0), r.outputType(), u::apply)
                : QuantTables.requantize(r.inputType(0), r.outputType());
    }

    private record Table(byte[] table, MemorySegment x, MemorySegment y) implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (long i = 0; i < y.byteSize(); i++) {
                y.set(ValueLayout.JAVA_BYTE, i, table[x.get(ValueLayout.JAVA_BYTE, i) & 0xff]);
            }
        }
    }

    private record Float32(Unary op, MemorySegment x, MemorySegment y) implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (long i = 0; i < y.byteSize() / 4; i++) {
                Memory.f32(y, i, (float) op.apply(Memory.f32(x, i)));
            }
        }
    }
}
