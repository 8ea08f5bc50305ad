package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.ScatterElements;
import ocelli.core.graph.ScatterElements.Reduction;
import ocelli.core.graph.ScatterNd;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * ScatterElements and ScatterNd of every element type; the indices are read while running. Two indices may be equal, so the
 * updates are done in their order, by one thread.
 */
final class ScatterReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        TensorType data = r.inputType(0);
        Reduction reduction = reduction(r);
        boolean arithmetic = reduction == Reduction.ADD || reduction == Reduction.MUL;
        if (!r.isDense()) {
            return Support.no("operands are not dense");
        }
        if (!RawElements.alike(data, r.inputType(2)) || !RawElements.alike(data, r.outputType())) {
            return Support.no("data is " + data + ", updates are " + r.inputType(2) + ", output is " + r.outputType());
        }
        return reduction != Reduction.NONE && data.dtype() == DType.BOOL || arithmetic && data.isQuantized8()
                ? Support.no("reduction " + reduction + " of " + data) : Support.yes("ScatterReference", "java");
    }

    private static Reduction reduction(KernelRequest r) {
        return switch (r.op()) {
            case ScatterElements s -> s.reduction();
            case ScatterNd s -> s.reduction();
            default -> throw new IllegalArgumentException(r.op().name() + " is not a scatter");
        };
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Shape shape = r.outputType().shape();
        ScatterUpdate update = new ScatterUpdate(reduction(r), r.outputType().dtype());
        if (r.op() instanceof ScatterElements s) {
            int axis = shape.axis(s.axis());
            return new Single(memory.input(0), Indices.of(r, memory, 1), memory.input(2), memory.output(0), update,
                    Indices.bases(r.inputType(1).shape(), shape, axis), shape.dim(axis), shape.strides()[axis], shape.elements());
        }
        return new Slices(memory.input(0), IndexTuples.of(r, memory, 0), memory.input(2), memory.output(0), update, shape.elements());
    }

    private record Single(MemorySegment x, Indices indices, MemorySegment updates, MemorySegment y, ScatterUpdate update, int[] bases,
                          int size, int stride, int elements) implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            RawElements.copy(x, 0, y, 0, elements, update.type().bytes());
            for (int i = 0; i < bases.length; i++) {
                update.apply(y, bases[i] + (long) indices.within(i, size) * stride, updates, i);
            }
        }
    }

    private record Slices(MemorySegment x, IndexTuples tuples, MemorySegment updates, MemorySegment y, ScatterUpdate update, int elements)
            implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            RawElements.copy(x, 0, y, 0, elements, update.type().bytes());
            for (int t = 0; t < tuples.count(); t++) {
                long to = tuples.offset(t);
                for (int i = 0; i < tuples.slice(); i++) {
                    update.apply(y, to + i, updates, (long) t * tuples.slice() + i);
                }
            }
        }
    }
}
