package ocelli.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Window;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Maximum pooling of float32 and 8-bit, average pooling of float32. A tile is a row of output pixels. */
final class PoolVector implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        TensorType x = r.inputType(0);
        TensorType y = r.outputType();
        boolean max = ((Pool2d) r.op()).kind() == Pool2d.Kind.MAX;
        boolean floats = x.dtype() == DType.FLOAT32 && y.dtype() == DType.FLOAT32;
        boolean quantised = max && x.isQuantized8() && x.dtype() == y.dtype() && x.quant().equals(y.quant());
        return floats || quantised ? Support.yes(floats ? "PoolF32Vector" : "MaxPoolQ8Vector", Lanes.TIER)
                : Support.no("no kernel for " + r.op().name() + " of " + x.dtype().label() + " to " + y.dtype().label()
                + (x.quant().equals(y.quant()) ? "" : " of another quantisation"));
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Pool2d op = (Pool2d) r.op();
        TensorType x = r.inputType(0);
        int bytes = x.dtype().bytes();
        Places places = new Places(op.window(), x.shape(), r.outputType().shape(), Lanes.address(memory.input(0), memory),
                (long) bytes * r.input(0).pixelStride(), memory.output(0).address(), (long) bytes * r.output().pixelStride());
        if (x.dtype() == DType.FLOAT32) {
            return new Floats(places, op.kind() == Pool2d.Kind.MAX, op.activation().min(), op.activation().max());
        }
        int flipped = x.dtype() == DType.INT8 ? 0 : 128;
        return new Bytes(places, (byte) -flipped, op.activation().qmin(r.outputType()) - flipped,
                op.activation().qmax(r.outputType()) - flipped);
    }

    /** Where pixels lie, and which elements of a window lie inside the input; strides in bytes. */
    private record Places(Window w, Shape in, Shape out, long x, long xStride, long y, long yStride) {
        int tiles() {
            return out.dim(0) * out.dim(1);
        }

        /** First row of a window that begins at {@code at} and lies inside. */
        static int first(int at, int dilation) {
            return at >= 0 ? 0 : (-at + dilation - 1) / dilation;
        }

        /** Rows of such a window up to the last inside. */
        static int last(int at, int dilation, int kernel, int size) {
            return at >= size ? 0 : Math.min(kernel, (size - 1 - at) / dilation + 1);
        }

        int top(int row) {
            return row % out.dim(1) * w.strideH() - w.padTop();
        }

        int left(int ox) {
            return ox * w.strideW() - w.padLeft();
        }

        /** Address of the input pixel under an element of a window. */
        long at(int row, int ky, int ox, int kx) {
            long iy = (long) (row / out.dim(1)) * in.dim(1) + top(row) + ky * w.dilationH();
            return x + (iy * in.dim(2) + left(ox) + kx * w.dilationW()) * xStride;
        }

        long to(int row, int ox) {
            return y + ((long) row * out.dim(2) + ox) * yStride;
        }
    }

    private record Floats(Places p, boolean max, float low, float high) implements Kernel {
        @Override
        public int tiles() {
            return p.tiles();
        }

        @Override
        public void run(int begin, int end, int worker) {
            Window w = p.w;
            for (int row = begin; row < end; row++) {
                int y0 = Places.first(p.top(row), w.dilationH());
                int y1 = Places.last(p.top(row), w.dilationH(), w.kernelH(), p.in.dim(1));
                for (int ox = 0; ox < p.out.dim(2); ox++) {
                    int x0 = Places.first(p.left(ox), w.dilationW());
                    int x1 = Places.last(p.left(ox), w.dilationW(), w.kernelW(), p.in.dim(2));
                    pixel(p.at(row, y0, ox, x0), p.to(row, ox), Math.max(y1 - y0, 0), Math.max(x1 - x0, 0));
                }
            }
        }

        private void pixel(long from, long to, int rows, int columns) {
            long rowStep = p.w.dilationH() * p.in.dim(2) * p.xStride;
            long step = p.w.dilationW() * p.xStride;
            int divisor = Math.max(1, rows * columns);
            int c = 0;
            for (; c + Lanes.N <= p.out.dim(3); c += Lanes.N) {
                if (max) {
                    largest(from + 4L * c, rows, rowStep, columns, step, to + 4L * c);
                } else {
                    mean(from + 4L * c, rows, rowStep, columns, step, divisor, to + 4L * c);
                }
            }
            for (; c < p.out.dim(3); c++) {
                float acc = max ? Float.NEGATIVE_INFINITY : 0;
                for (int ky = 0; ky < rows; ky++) {
                    for (int kx = 0; kx < columns; kx++) {
                        float v = Lanes.f32(from + 4L * c + ky * rowStep + kx * step);
                        acc = max ? Math.max(acc, v) : acc + v;
                    }
                }
                Lanes.f32(to + 4L * c, Math.min(Math.max(max ? acc : acc / divisor, low), high));
            }
        }

        // Both store what they find: a vector that crosses the border of a method with loops becomes an object.
        private void largest(long from, int rows, long rowStep, int columns, long step, long to) {
            FloatVector acc = FloatVector.broadcast(Lanes.F, Float.NEGATIVE_INFINITY);
            for (int ky = 0; ky < rows; ky++) {
                for (int kx = 0; kx < columns; kx++) {
                    acc = acc.max(Lanes.floats(from + ky * rowStep + kx * step));
                }
            }
            Lanes.store(acc.max(low).min(high), to);
        }

        private void mean(long from, int rows, long rowStep, int columns, long step, int divisor, long to) {
            FloatVector acc = FloatVector.zero(Lanes.F);
            for (int ky = 0; ky < rows; ky++) {
                for (int kx = 0; kx < columns; kx++) {
                    acc = acc.add(Lanes.floats(from + ky * rowStep + kx * step));
                }
            }
            Lanes.store(acc.div(divisor).max(low).min(high), to);
        }
    }

    /** Maximum of bytes; unsigned ones come less 128 and get it back. */
    private record Bytes(Places p, byte flip, int low, int high) implements Kernel {
        @Override
        public int tiles() {
            return p.tiles();
        }

        @Override
        public void run(int begin, int end, int worker) {
            Window w = p.w;
            for (int row = begin; row < end; row++) {
                int y0 = Places.first(p.top(row), w.dilationH());
                int y1 = Places.last(p.top(row), w.dilationH(), w.kernelH(), p.in.dim(1));
                for (int ox = 0; ox < p.out.dim(2); ox++) {
                    int x0 = Places.first(p.left(ox), w.dilationW());
                    int x1 = Places.last(p.left(ox), w.dilationW(), w.kernelW(), p.in.dim(2));
                    pixel(p.at(row, y0, ox, x0), p.to(row, ox), Math.max(y1 - y0, 0), Math.max(x1 - x0, 0));
                }
            }
        }

        private void pixel(long from, long to, int rows, int columns) {
            long rowStep = p.w.dilationH() * p.in.dim(2) * p.xStride;
            long step = p.w.dilationW() * p.xStride;
            int c = 0;
            for (; c + Lanes.N <= p.out.dim(3); c += Lanes.N) {
                IntVector acc = IntVector.broadcast(Lanes.I, Byte.MIN_VALUE);
                for (int ky = 0; ky < rows; ky++) {
                    for (int kx = 0; kx < columns; kx++) {
                        acc = acc.max(Lanes.bytesToInts(from + c + ky * rowStep + kx * step, flip));
                    }
                }
                Lanes.intsToBytes(acc.max(low).min(high).sub(flip), to + c);
            }
            for (; c < p.out.dim(3); c++) {
                int acc = Byte.MIN_VALUE;
                for (int ky = 0; ky < rows; ky++) {
                    for (int kx = 0; kx < columns; kx++) {
                        acc = Math.max(acc, (byte) (Lanes.i8(from + c + ky * rowStep + kx * step) ^ flip));
                    }
                }
                Lanes.i8(to + c, (byte) (Math.clamp(acc, low, high) - flip));
            }
        }
    }
}
