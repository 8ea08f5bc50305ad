package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/**
 * Convolution of raw 8-bit integers less zero points that are read when the kernel runs; int32 sums that wrap around. Padding is
 * the zero point, whose products are 0.
 */
final class ConvIntegerReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        int zeros = r.inputType(3).shape().elements();
        boolean fits = r.inputType(2).shape().elements() == 1 && (zeros == 1 || zeros == r.inputType(1).shape().dim(0));
        return !fits ? Support.no("zero points are " + r.inputType(2) + " and " + r.inputType(3) + " for weights " + r.inputType(1))
                : r.outputType().dtype() != DType.INT32 ? Support.no("output is " + r.outputType())
                : Support.yes("ConvIntegerReference", "java");
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        return new Bound(new ConvLoops(r, memory), Memory.signed(r.inputType(0).dtype()), Memory.signed(r.inputType(1).dtype()),
                memory.input(2), memory.input(3), r.inputType(3).shape().elements() == 1);
    }

    private record Bound(ConvLoops at, boolean xSigned, boolean wSigned, MemorySegment xZero, MemorySegment wZeros, boolean oneZero)
            implements Kernel {
        @Override
        public int tiles() {
            return Math.max(1, at.rows());
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int row = begin; row < Math.min(end, at.rows()); row++) {
                for (int ox = 0; ox < at.g.outW(); ox++) {
                    for (int c = 0; c < at.g.outC(); c++) {
                        Memory.i32(at.y, at.out(row, ox, c), accumulate(row, ox, c));
                    }
                }
            }
        }

        private int accumulate(int row, int ox, int c) {
            ConvGeometry g = at.g;
            int zx = Memory.q8(xZero, xSigned, 0);
            int zw = Memory.q8(wZeros, wSigned, oneZero ? 0 : c);
            int depth = g.inC() / g.groups();
            int firstChannel = c / (g.outC() / g.groups()) * depth;
            int acc = 0;
            for (int ky = 0; ky < g.window().kernelH(); ky++) {
                for (int kx = 0; kx < g.window().kernelW(); kx++) {
                    int iy = at.inY(row % g.outH(), ky);
                    int ix = at.inX(ox, kx);
                    if (at.inside(iy, ix)) {
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
