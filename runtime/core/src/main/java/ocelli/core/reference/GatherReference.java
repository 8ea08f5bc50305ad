package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Gather;
import ocelli.core.graph.GatherElements;
import ocelli.core.graph.GatherNd;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.Shape;

/** Gather, GatherElements and GatherNd of every element type; the indices are read while running. */
final class GatherReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        return !r.isDense() ? Support.no("operands are not dense")
                : RawElements.alike(r.inputType(0), r.outputType()) ? Support.yes("GatherReference", "java")
                : Support.no("input is " + r.inputType(0) + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Shape in = r.inputType(0).shape();
        int bytes = r.outputType().dtype().bytes();
        return switch (r.op()) {
            case Gather g -> {
                int axis = in.axis(g.axis());
                int slice = in.strides()[axis];
                int outer = 1;
                for (int d = 0; d < axis; d++) {
                    outer *= in.dim(d);
                }
                yield new Slices(memory.input(0), Indices.of(r, memory, 1), memory.output(0), outer, in.dim(axis), slice, bytes);
            }
            case GatherElements g -> {
                int axis = in.axis(g.axis());
                yield new Single(memory.input(0), Indices.of(r, memory, 1), memory.output(0),
                        Indices.bases(r.inputType(1).shape(), in, axis), in.dim(axis), in.strides()[axis], bytes);
            }
            case GatherNd g -> new Tuples(memory.input(0), IndexTuples.of(r, memory, g.batchDims()), memory.output(0), bytes);
            default -> throw new IllegalArgumentException(r.op().name() + " is not a gather");
        };
    }

    private record Slices(MemorySegment x, Indices indices, MemorySegment y, int outer, int size, int slice, int bytes) implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int o = 0; o < outer; o++) {
                for (int i = 0; i < indices.count(); i++) {
                    long from = ((long) o * size + indices.within(i, size)) * slice;
                    RawElements.copy(x, from, y, ((long) o * indices.count() + i) * slice, slice, bytes);
                }
            }
        }
    }

    private record Single(MemorySegment x, Indices indices, MemorySegment y, int[] bases, int size, int stride, int bytes)
            implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int i = 0; i < bases.length; i++) {
                RawElements.put(y, i, RawElements.get(x, bases[i] + (long) indices.within(i, size) * stride, bytes), bytes);
            }
        }
    }

    private record Tuples(MemorySegment x, IndexTuples tuples, MemorySegment y, int bytes) implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int t = 0; t < tuples.count(); t++) {
                RawElements.copy(x, tuples.offset(t), y, (long) t * tuples.slice(), tuples.slice(), bytes);
            }
        }
    }
}
