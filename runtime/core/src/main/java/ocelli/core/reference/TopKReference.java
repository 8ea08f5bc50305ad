package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.TopK;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/**
 * The first elements of each line in order, on every type, by a heap of the best k: n·log k comparisons. NaN is above all
 * numbers.
 */
final class TopKReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        TensorType in = r.inputType(0);
        TensorType values = r.outputType();
        DType indices = r.outputs().get(1).type().dtype();
        boolean fits = values.dtype() == in.dtype() && values.quant().equals(in.quant())
                && (indices == DType.INT64 || indices == DType.INT32);
        return !r.isDense() ? Support.no("operands are not dense") : fits ? Support.yes("TopKReference", "java")
                : Support.no("input is " + in + ", outputs are " + values + " and " + r.outputs().get(1).type());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        TopK op = (TopK) r.op();
        DType indices = r.outputs().get(1).type().dtype();
        Lines from = Lines.along(r.inputType(0).shape(), op.axis());
        Lines to = Lines.along(r.outputType().shape(), op.axis());
        int bytes = r.inputType(0).dtype().bytes();
        MemorySegment x = memory.input(0);
        MemorySegment values = memory.output(0);
        MemorySegment places = memory.output(1);
        Heap heap = new Heap(x, r.inputType(0).dtype(), op.largest(), from, new int[op.k()]);
        return new ElementKernel(to.count(), line -> {
            heap.select(line);
            for (int k = 0; k < op.k(); k++) {
                MemorySegment.copy(x, (long) from.at(line, heap.best[k]) * bytes, values, (long) to.at(line, k) * bytes, bytes);
                Elements.integer(places, indices, to.at(line, k), heap.best[k]);
            }
        });
    }

    /** The best elements of one line as indices: while they are sought a heap with the worst on top, then in order. */
    private record Heap(MemorySegment x, DType type, boolean largest, Lines lines, int[] best) {
        void select(int line) {
            int k = best.length;
            for (int i = 0; i < k; i++) {
                best[i] = i;
            }
            for (int i = k / 2 - 1; i >= 0; i--) {
                sink(line, i, k);
            }
            for (int i = k; i < lines.length(); i++) {
                if (isBefore(line, i, best[0])) {
                    best[0] = i;
                    sink(line, 0, k);
                }
            }
            for (int end = k - 1; end > 0; end--) {
                int worst = best[0];
                best[0] = best[end];
                best[end] = worst;
                sink(line, 0, end);
            }
        }

        private void sink(int line, int start, int size) {
            int hole = start;
            int moving = best[start];
            for (int child = 2 * hole + 1; child < size; child = 2 * hole + 1) {
                if (child + 1 < size && isBefore(line, best[child], best[child + 1])) {
                    child++;
                }
                if (!isBefore(line, moving, best[child])) {
                    break;
                }
                best[hole] = best[child];
                hole = child;
            }
            best[hole] = moving;
        }

        /** Whether element {@code i} of the line comes before element {@code j}: a total order, for equal elements go by index. */
        private boolean isBefore(int line, int i, int j) {
            int order = Elements.compare(x, lines.at(line, i), x, lines.at(line, j), type);
            return order == 0 ? i < j : largest ? order > 0 : order < 0;
        }
    }
}
