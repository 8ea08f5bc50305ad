package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.RoiAlign;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;

/**
 * Pools regions of a float32 image. Places are float32 as in the frameworks, for they decide how many samples a bin has and which
 * of them are outside; weights and sums are float64.
 *
 * @see <a href="https://arxiv.org/abs/1703.06870">He et al., Mask R-CNN, 2017</a>
 */
final class RoiAlignReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        boolean floats = r.inputType(0).dtype() == DType.FLOAT32 && r.inputType(1).dtype() == DType.FLOAT32
                && r.outputType().dtype() == DType.FLOAT32;
        return !r.isDense() ? Support.no("operands are not dense") : floats ? Support.yes("RoiAlignReference", "java")
                : Support.no("input is " + r.inputType(0) + ", regions are " + r.inputType(1) + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        return new Bound((RoiAlign) r.op(), r.inputType(0).shape(), r.outputType().shape(), memory.input(0), memory.input(1),
                Indices.of(r, memory, 2), memory.output(0));
    }

    private record Bound(RoiAlign op, Shape in, Shape out, MemorySegment x, MemorySegment regions, Indices batches, MemorySegment y)
            implements Kernel {
        @Override
        public int tiles() {
            return out.dim(0) * out.dim(1);
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int row = begin; row < end; row++) {
                for (int ox = 0; ox < out.dim(2); ox++) {
                    for (int c = 0; c < out.dim(3); c++) {
                        Memory.f32(y, ((long) row * out.dim(2) + ox) * out.dim(3) + c, (float) pool(row, ox, c));
                    }
                }
            }
        }

        private double pool(int row, int ox, int c) {
            int region = row / out.dim(1);
            int n = batches.within(region, in.dim(0));
            float startX = edge(region, 0);
            float startY = edge(region, 1);
            float binW = size(startX, edge(region, 2)) / op.outW();
            float binH = size(startY, edge(region, 3)) / op.outH();
            int samplesX = samples(binW);
            int samplesY = samples(binH);
            float left = startX + ox * binW;
            float top = startY + row % out.dim(1) * binH;
            // Samples outside of the image are 0; few are visited, for a region may be as large as a float can say.
            int beginX = begin(left, binW, samplesX);
            int endX = end(left, binW, samplesX, in.dim(2));
            int beginY = begin(top, binH, samplesY);
            int endY = end(top, binH, samplesY, in.dim(1));
            long all = (long) samplesX * samplesY;
            double sum = 0;
            double most = (long) (endX - beginX) * (endY - beginY) < all ? 0 : Double.NEGATIVE_INFINITY;
            for (int i = beginY; i < endY; i++) {
                for (int j = beginX; j < endX; j++) {
                    float py = top + (i + 0.5f) * binH / samplesY;
                    float px = left + (j + 0.5f) * binW / samplesX;
                    sum += sample(n, py, px, c, false);
                    most = Math.max(most, sample(n, py, px, c, true));
                }
            }
            return all == 0 ? 0 : op.average() ? sum / all : most;
        }

        private float edge(int region, int i) {
            return Memory.f32(regions, 4L * region + i) * op.spatialScale() - (op.halfPixel() ? 0.5f : 0);
        }

        private float size(float start, float end) {
            return op.halfPixel() ? end - start : Math.max(end - start, 1);
        }

        private int samples(float bin) {
            return op.samplingRatio() > 0 ? op.samplingRatio() : Math.max((int) Math.ceil(bin), 0);
        }

        /** A sample before all that may lie inside. Bins without size have few samples, and all of them are visited. */
        private static int begin(float start, float bin, int count) {
            return bin > 0 ? (int) Math.clamp(Math.floor((-1.0 - start) * count / bin) - 2, 0, count) : 0;
        }

        /** Behind the last sample that may lie inside. */
        private static int end(float start, float bin, int count, int size) {
            return bin > 0 ? (int) Math.clamp(Math.ceil(((double) size - start) * count / bin) + 2, 0, count) : count;
        }

        /** The sum of the four weighted pixels around a place, or the largest of them. */
        private double sample(int n, float py, float px, int c, boolean largest) {
            if (!(py >= -1 && py <= in.dim(1) && px >= -1 && px <= in.dim(2))) {
                return 0;
            }
            double ay = Math.clamp((double) py, 0, in.dim(1) - 1);
            double ax = Math.clamp((double) px, 0, in.dim(2) - 1);
            int y0 = (int) ay;
            int x0 = (int) ax;
            int y1 = Math.min(y0 + 1, in.dim(1) - 1);
            int x1 = Math.min(x0 + 1, in.dim(2) - 1);
            double a = (1 - (ay - y0)) * (1 - (ax - x0)) * pixel(n, y0, x0, c);
            double b = (1 - (ay - y0)) * (ax - x0) * pixel(n, y0, x1, c);
            double d = (ay - y0) * (1 - (ax - x0)) * pixel(n, y1, x0, c);
            double e = (ay - y0) * (ax - x0) * pixel(n, y1, x1, c);
            return largest ? Math.max(Math.max(a, b), Math.max(d, e)) : a + b + d + e;
        }

        private double pixel(int n, int iy, int ix, int c) {
            return Memory.f32(x, (((long) n * in.dim(1) + iy) * in.dim(2) + ix) * in.dim(3) + c);
        }
    }
}
