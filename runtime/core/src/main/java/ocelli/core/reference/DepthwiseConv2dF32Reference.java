package ocelli.core.reference;

import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/** Depthwise convolution on float32, summed in float64 and rounded once; any channel multiplier. */
final class DepthwiseConv2dF32Reference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        return r.inputType(0).dtype() == DType.FLOAT32 && r.inputType(1).dtype() == DType.FLOAT32
                && r.outputType().dtype() == DType.FLOAT32
                ? Support.yes("DepthwiseConv2dF32Reference", "java") : Support.no("operands are not all float32");
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        return new Bound(new ConvLoops(r, memory));
    }

    private record Bound(ConvLoops at) implements Kernel {
        @Override
        public int tiles() {
            return at.rows();
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int row = begin; row < end; row++) {
                for (int ox = 0; ox < at.g.outW(); ox++) {
                    for (int c = 0; c < at.g.outC(); c++) {
                        float sum = (float) accumulate(row, ox, c);
                        Memory.f32(at.y, at.out(row, ox, c), at.g.activation().apply(sum));
                    }
                }
            }
        }

        private double accumulate(int row, int ox, int c) {
            ConvGeometry g = at.g;
            int inChannel = c / (g.outC() / g.inC());
            double sum = at.bias == null ? 0 : Memory.f32(at.bias, c);
            for (int ky = 0; ky < g.window().kernelH(); ky++) {
                for (int kx = 0; kx < g.window().kernelW(); kx++) {
                    int iy = at.inY(row % g.outH(), ky);
                    int ix = at.inX(ox, kx);
                    if (at.inside(iy, ix)) {
                        sum += (double) Memory.f32(at.x, at.pixel(row / g.outH(), iy, ix) + inChannel)
                                * Memory.f32(at.w, (ky * (long) g.window().kernelW() + kx) * g.outC() + c);
                    }
                }
            }
            return sum;
        }
    }
}
