package ocelli.core.reference;

import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.TensorType;

/** Depthwise convolution on 8-bit quantised tensors, any channel multiplier. */
final class DepthwiseConv2dQ8Reference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        return r.inputType(0).isQuantized8() && r.inputType(1).isQuantized8() && r.outputType().isQuantized8()
                ? Support.yes("DepthwiseConv2dQ8Reference", "java") : Support.no("operands are not all quantised 8-bit");
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        ConvGeometry g = ConvGeometry.of(r);
        return new Bound(new ConvLoops(r, memory), r.inputType(0), r.inputType(1),
                Requantizer.ofWeights(r.inputType(0), r.inputType(1), g.outC(), r.outputType(), g.activation()));
    }

    private record Bound(ConvLoops at, TensorType xType, TensorType wType, Requantizer requantizer) implements Kernel {
        @Override
        public int tiles() {
            return at.rows();
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int row = begin; row < end; row++) {
                for (int ox = 0; ox < at.g.outW(); ox++) {
                    for (int c = 0; c < at.g.outC(); c++) {
                        Memory.q8(at.y, at.out(row, ox, c), requantizer.apply(accumulate(row, ox, c), c));
                    }
                }
            }
        }

        private int accumulate(int row, int ox, int c) {
            ConvGeometry g = at.g;
            int zx = xType.quant().zeroPoint();
            int zw = wType.quant().zeroPoint(c);
            int inChannel = c / (g.outC() / g.inC());
            int acc = at.bias == null ? 0 : Memory.i32(at.bias, c);
            for (int ky = 0; ky < g.window().kernelH(); ky++) {
                for (int kx = 0; kx < g.window().kernelW(); kx++) {
                    int iy = at.inY(row % g.outH(), ky);
                    int ix = at.inX(ox, kx);
                    if (at.inside(iy, ix)) {
                        int x = Memory.q8(at.x, Memory.signed(xType.dtype()), at.pixel(row / g.outH(), iy, ix) + inChannel);
                        int w = Memory.q8(at.w, Memory.signed(wType.dtype()), (ky * (long) g.window().kernelW() + kx) * g.outC() + c);
                        acc += (x - zx) * (w - zw);
                    }
                }
            }
            return acc;
        }
    }
}
