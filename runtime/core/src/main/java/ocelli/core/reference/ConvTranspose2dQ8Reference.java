package ocelli.core.reference;

import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.TensorType;

/** Transposed convolution on 8-bit quantised tensors: an exact int32 sum, rounded once by {@link Requantizer}. */
final class ConvTranspose2dQ8Reference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        return r.inputType(0).isQuantized8() && r.inputType(1).isQuantized8() && r.outputType().isQuantized8()
                ? Support.yes("ConvTranspose2dQ8Reference", "java") : Support.no("operands are not all quantised 8-bit");
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
            boolean xSigned = Memory.signed(xType.dtype());
            boolean wSigned = Memory.signed(wType.dtype());
            int zx = xType.quant().zeroPoint();
            int zw = wType.quant().zeroPoint(c);
            int depth = g.inC() / g.groups();
            int firstChannel = c / (g.outC() / g.groups()) * depth;
            int acc = at.bias == null ? 0 : Memory.i32(at.bias, c);
            for (int ky = 0; ky < g.window().kernelH(); ky++) {
                for (int kx = 0; kx < g.window().kernelW(); kx++) {
                    int iy = TransposedTaps.inY(g, row % g.outH(), ky);
                    int ix = TransposedTaps.inX(g, ox, kx);
                    if (iy >= 0 && ix >= 0) {
                        long xi = at.pixel(row / g.outH(), iy, ix) + firstChannel;
                        long wi = (((long) c * g.window().kernelH() + ky) * g.window().kernelW() + kx) * depth;
                        for (int d = 0; d < depth; d++) {
                            acc += (Memory.q8(at.x, xSigned, xi + d) - zx) * (Memory.q8(at.w, wSigned, wi + d) - zw);
                        }
                    }
                }
            }
            return acc;
        }
    }
}
