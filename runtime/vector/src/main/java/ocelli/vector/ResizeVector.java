package ocelli.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Sampling;
import ocelli.core.kernel.Bilinear;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Bilinear interpolation, float32 and 8-bit. A tile is a row of output pixels. */
final class ResizeVector implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        TensorType x = r.inputType(0);
        TensorType y = r.outputType();
        Resize op = (Resize) r.op();
        boolean floats = x.dtype() == DType.FLOAT32 && y.dtype() == DType.FLOAT32;
        boolean quantised = x.isQuantized8() && x.dtype() == y.dtype() && x.quant().equals(y.quant());
        return op.kind() != Resize.Kind.BILINEAR || op.rule().coordinates() == Sampling.Coordinates.CROP || op.rule().excludeOutside()
                ? Support.no("not a plain bilinear interpolation")
                : floats || quantised ? Support.yes(floats ? "ResizeBilinearF32Vector" : "ResizeBilinearQ8Vector", Lanes.TIER)
                : Support.no("input is " + x + ", output is " + y);
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Resize op = (Resize) r.op();
        Shape x = r.inputType(0).shape();
        Shape y = r.outputType().shape();
        Bilinear rows = Bilinear.of(op, x.dim(1), y.dim(1), true);
        Bilinear columns = Bilinear.of(op, x.dim(2), y.dim(2), false);
        DType type = r.inputType(0).dtype();
        Grid grid = new Grid(x, y, rows, columns, Lanes.address(memory.input(0), memory), (long) type.bytes() * r.input(0).pixelStride(),
                memory.output(0).address(), (long) type.bytes() * r.output().pixelStride());
        return type == DType.FLOAT32 ? new Floats(grid) : new Bytes(grid, rows.weights(), columns.weights(),
                (byte) (type == DType.INT8 ? 0 : -128));
    }

    /** Where pixels lie; strides in bytes. */
    private record Grid(Shape in, Shape out, Bilinear rows, Bilinear columns, long x, long xStride, long y, long yStride) {
        int tiles() {
            return out.dim(0) * out.dim(1);
        }

        int channels() {
            return out.dim(3);
        }

        /** Address of the first pixel of the input row above or below an output row. */
        long row(int row, boolean upper) {
            int oy = row % out.dim(1);
            long iy = (long) (row / out.dim(1)) * in.dim(1) + (upper ? rows.upper() : rows.lower())[oy];
            return x + iy * in.dim(2) * xStride;
        }

        long output(int row) {
            return y + (long) row * out.dim(2) * yStride;
        }
    }

    private record Floats(Grid g) implements Kernel {
        @Override
        public int tiles() {
            return g.tiles();
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int row = begin; row < end; row++) {
                long top = g.row(row, false);
                long bottom = g.row(row, true);
                float fy = g.rows.fraction()[row % g.out.dim(1)];
                for (int ox = 0; ox < g.out.dim(2); ox++) {
                    long left = g.columns.lower()[ox] * g.xStride;
                    long right = g.columns.upper()[ox] * g.xStride;
                    pixel(top + left, top + right, bottom + left, bottom + right, fy, g.columns.fraction()[ox],
                            g.output(row) + ox * g.yStride);
                }
            }
        }

        private void pixel(long a, long b, long d, long e, float fy, float fx, long to) {
            int c = 0;
            for (; c + Lanes.N <= g.channels(); c += Lanes.N) {
                FloatVector top = Lanes.floats(a + 4L * c).mul(1 - fx).add(Lanes.floats(b + 4L * c).mul(fx));
                FloatVector bottom = Lanes.floats(d + 4L * c).mul(1 - fx).add(Lanes.floats(e + 4L * c).mul(fx));
                Lanes.store(top.mul(1 - fy).add(bottom.mul(fy)), to + 4L * c);
            }
            for (; c < g.channels(); c++) {
                float top = Lanes.f32(a + 4L * c) * (1 - fx) + Lanes.f32(b + 4L * c) * fx;
                float bottom = Lanes.f32(d + 4L * c) * (1 - fx) + Lanes.f32(e + 4L * c) * fx;
                Lanes.f32(to + 4L * c, top * (1 - fy) + bottom * fy);
            }
        }
    }

    private record Bytes(Grid g, int[] rowWeights, int[] columnWeights, byte flip) implements Kernel {
        private static final int ONE = 1 << Bilinear.BITS;
        private static final int HALF = 1 << 2 * Bilinear.BITS - 1;

        @Override
        public int tiles() {
            return g.tiles();
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int row = begin; row < end; row++) {
                long top = g.row(row, false);
                long bottom = g.row(row, true);
                int wy = rowWeights[row % g.out.dim(1)];
                for (int ox = 0; ox < g.out.dim(2); ox++) {
                    long left = g.columns.lower()[ox] * g.xStride;
                    long right = g.columns.upper()[ox] * g.xStride;
                    pixel(top + left, top + right, bottom + left, bottom + right, wy, columnWeights[ox], g.output(row) + ox * g.yStride);
                }
            }
        }

        /** Unsigned bytes come less 128 and get it back, which changes no rounding, for the weights' sum is a power of two. */
        private void pixel(long a, long b, long d, long e, int wy, int wx, long to) {
            int back = flip & 0xff;
            int c = 0;
            for (; c + Lanes.N <= g.channels(); c += Lanes.N) {
                IntVector top = Lanes.bytesToInts(a + c, flip).mul(ONE - wx).add(Lanes.bytesToInts(b + c, flip).mul(wx));
                IntVector bottom = Lanes.bytesToInts(d + c, flip).mul(ONE - wx).add(Lanes.bytesToInts(e + c, flip).mul(wx));
                IntVector v = top.mul(ONE - wy).add(bottom.mul(wy)).add(HALF).lanewise(VectorOperators.ASHR, 2 * Bilinear.BITS);
                Lanes.intsToBytes(v.add(back), to + c);
            }
            for (; c < g.channels(); c++) {
                int top = one(a + c) * (ONE - wx) + one(b + c) * wx;
                int bottom = one(d + c) * (ONE - wx) + one(e + c) * wx;
                Lanes.i8(to + c, (byte) ((top * (ONE - wy) + bottom * wy + HALF >> 2 * Bilinear.BITS) + back));
            }
        }

        private byte one(long address) {
            return (byte) (Lanes.i8(address) ^ flip);
        }
    }
}
