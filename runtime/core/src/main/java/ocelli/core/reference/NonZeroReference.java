package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Indices of the elements that are not zero, for every element type; a quantised element is zero at its zero point. */
final class NonZeroReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        return !r.isDense() ? Support.no("operands are not dense")
                : r.outputType().dtype() == DType.INT64 ? Support.yes("NonZeroReference", "java")
                : Support.no("output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        TensorType t = r.inputType(0);
        long meaning = -1L >>> 64 - 8 * t.dtype().bytes();
        // Without the sign a negative zero is one.
        long mask = t.dtype().isFloat() ? meaning >>> 1 : meaning;
        return new Bound(t.shape(), t.shape().strides(), t.dtype().bytes(), mask, RawElements.bits(t, 0) & mask, memory.input(0),
                memory.output(0));
    }

    private record Bound(Shape shape, int[] strides, int bytes, long mask, long zero, MemorySegment x, MemorySegment y) implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            int elements = shape.elements();
            int column = 0;
            for (int i = 0; i < elements; i++) {
                if ((RawElements.get(x, i, bytes) & mask) != zero) {
                    for (int d = 0; d < strides.length; d++) {
                        RawElements.put(y, (long) d * elements + column, i / strides[d] % shape.dim(d), Long.BYTES);
                    }
                    column++;
                }
            }
            for (; column < elements; column++) {
                for (int d = 0; d < strides.length; d++) {
                    RawElements.put(y, (long) d * elements + column, -1, Long.BYTES);
                }
            }
        }
    }
}
