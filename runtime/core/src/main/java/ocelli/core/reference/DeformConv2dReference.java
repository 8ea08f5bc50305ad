package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Activation;
import ocelli.core.graph.DeformConv2d;
import ocelli.core.graph.Window;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.Shape;

/** Deformable convolution on float32, with or without a mask; places and sums in float64, rounded once. */
final class DeformConv2dReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        return r.isDense() ? Support.yes("DeformConv2dReference", "java") : Support.no("operands are not dense");
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        return new Bound((DeformConv2d) r.op(), r.inputType(0).shape(), r.outputType().shape(), memory.input(0), memory.input(1),
                memory.input(2), memory.input(3), r.hasInput(4) ? memory.input(4) : null, memory.output(0));
    }

    private record Bound(DeformConv2d op, Shape in, Shape out, MemorySegment x, MemorySegment w, MemorySegment offsets, MemorySegment bias,
                         MemorySegment mask, MemorySegment y) implements Kernel {
        @Override
        public int tiles() {
            return out.dim(0) * out.dim(1);
        }

        @Override
        public void run(int begin, int end, int worker) {
            Activation a = op.activation();
            for (int row = begin; row < end; row++) {
                for (int ox = 0; ox < out.dim(2); ox++) {
                    for (int c = 0; c < out.dim(3); c++) {
                        float sum = (float) accumulate(row, ox, c);
                        Memory.f32(y, ((long) row * out.dim(2) + ox) * out.dim(3) + c, Math.min(Math.max(sum, a.min()), a.max()));
                    }
                }
            }
        }

        private double accumulate(int row, int ox, int c) {
            Window window = op.window();
            int taps = window.kernelH() * window.kernelW();
            int depth = in.dim(3) / op.groups();
            int perOffset = in.dim(3) / op.offsetGroups();
            int firstChannel = c / (out.dim(3) / op.groups()) * depth;
            double sum = Memory.f32(bias, c);
            for (int tap = 0; tap < taps; tap++) {
                int baseY = row % out.dim(1) * window.strideH() - window.padTop() + tap / window.kernelW() * window.dilationH();
                int baseX = ox * window.strideW() - window.padLeft() + tap % window.kernelW() * window.dilationW();
                for (int d = 0; d < depth; d++) {
                    int channel = firstChannel + d;
                    long at = (((long) row * out.dim(2) + ox) * op.offsetGroups() + channel / perOffset) * taps + tap;
                    double v = sample(row / out.dim(1), baseY + (double) Memory.f32(offsets, 2 * at),
                            baseX + (double) Memory.f32(offsets, 2 * at + 1), channel);
                    sum += v * (mask == null ? 1 : Memory.f32(mask, at)) * Memory.f32(w, ((long) c * taps + tap) * depth + d);
                }
            }
            return sum;
        }

        /** The image between its pixels, which fades to 0 over one pixel beyond its border. */
        private double sample(int n, double py, double px, int c) {
            if (!(py > -1 && py < in.dim(1) && px > -1 && px < in.dim(2))) {
                return 0;
            }
            int y0 = (int) Math.floor(py);
            int x0 = (int) Math.floor(px);
            double fy = py - y0;
            double fx = px - x0;
            return (1 - fy) * ((1 - fx) * pixel(n, y0, x0, c) + fx * pixel(n, y0, x0 + 1, c))
                    + fy * ((1 - fx) * pixel(n, y0 + 1, x0, c) + fx * pixel(n, y0 + 1, x0 + 1, c));
        }

        private double pixel(int n, int iy, int ix, int c) {
            boolean inside = iy >= 0 && iy < in.dim(1) && ix >= 0 && ix < in.dim(2);
            return inside ? Memory.f32(x, (((long) n * in.dim(1) + iy) * in.dim(2) + ix) * in.dim(3) + c) : 0;
        }
    }
}
