package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.GridSample;
import ocelli.core.graph.GridSample.Filter;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;

/** Reads an image at the places of a grid, float32. Places are float32, as in the frameworks; sums are float64. */
final class GridSampleReference implements KernelFactory {
    private static final double CUBIC = -0.75;

    @Override
    public Support supports(KernelRequest r) {
        boolean floats = r.inputType(0).dtype() == DType.FLOAT32 && r.outputType().dtype() == DType.FLOAT32;
        return !r.isDense() ? Support.no("operands are not dense") : floats ? Support.yes("GridSampleReference", "java")
                : Support.no("input is " + r.inputType(0) + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        return new Bound((GridSample) r.op(), r.inputType(0).shape(), r.outputType().shape(), memory.input(0), memory.input(1),
                memory.output(0));
    }

    private record Bound(GridSample op, Shape in, Shape out, MemorySegment x, MemorySegment grid, MemorySegment y) implements Kernel {
        @Override
        public int tiles() {
            return out.dim(0) * out.dim(1);
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int row = begin; row < end; row++) {
                for (int ox = 0; ox < out.dim(2); ox++) {
                    long at = (long) row * out.dim(2) + ox;
                    float px = place(Memory.f32(grid, 2 * at), in.dim(2));
                    float py = place(Memory.f32(grid, 2 * at + 1), in.dim(1));
                    for (int c = 0; c < out.dim(3); c++) {
                        Memory.f32(y, at * out.dim(3) + c, (float) sample(row / out.dim(1), py, px, c));
                    }
                }
            }
        }

        /** From −1 … 1 to pixels from the centre of the first. */
        private float place(float v, int size) {
            return op.alignCorners() ? (v + 1) / 2 * (size - 1) : ((v + 1) * size - 1) / 2;
        }

        private double sample(int n, float py, float px, int c) {
            if (op.filter() == Filter.NEAREST) {
                return pixel(n, (long) Math.rint(py), (long) Math.rint(px), c);
            }
            int first = op.filter() == Filter.BILINEAR ? 0 : -1;
            int last = op.filter() == Filter.BILINEAR ? 1 : 2;
            double sum = 0;
            for (int j = first; j <= last; j++) {
                double line = 0;
                for (int i = first; i <= last; i++) {
                    line += weight(px - Math.floor(px) - i) * pixel(n, (long) Math.floor(py) + j, (long) Math.floor(px) + i, c);
                }
                sum += weight(py - Math.floor(py) - j) * line;
            }
            return sum;
        }

        private double weight(double distance) {
            return op.filter() == Filter.BILINEAR ? 1 - Math.abs(distance) : CubicWeights.at(distance, CUBIC);
        }

        private double pixel(int n, long iy, long ix, int c) {
            int row = inside(iy, in.dim(1));
            int column = inside(ix, in.dim(2));
            return row < 0 || column < 0 ? 0 : Memory.f32(x, (((long) n * in.dim(1) + row) * in.dim(2) + column) * in.dim(3) + c);
        }

        /** The index that stands for one that may be outside, or −1 for a zero. */
        private int inside(long i, int size) {
            return switch (op.padding()) {
                case ZEROS -> i >= 0 && i < size ? (int) i : -1;
                case BORDER -> Math.clamp(i, 0, size - 1);
                case REFLECTION -> {
                    // Mirrors at the centres of the border pixels show these once in a period, mirrors at the edges twice.
                    long period = op.alignCorners() ? Math.max(2L * (size - 1), 1) : 2L * size;
                    long at = Math.floorMod(i, period);
                    yield (int) (at < size ? at : period - at - (op.alignCorners() ? 0 : 1));
                }
            };
        }
    }
}
