package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Resize;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Bilinear interpolation: float32, and 8-bit with weights of 11 fractional bits on each axis, an exact int32 sum and one
 * rounding, {@code (sum + 2^21) >> 22}.
 */
final class ResizeBilinearReference implements KernelFactory {
    static final int BITS = 11;

    @Override
    public Support supports(KernelRequest r) {
        TensorType in = r.inputType(0);
        TensorType out = r.outputType();
        boolean bilinear = ((Resize) r.op()).kind() == Resize.Kind.BILINEAR;
        boolean floats = in.dtype() == DType.FLOAT32 && out.dtype() == DType.FLOAT32;
        boolean quantised = in.isQuantized8() && in.dtype() == out.dtype() && in.quant().equals(out.quant());
        return !bilinear ? Support.no("not bilinear") : !r.isDense() ? Support.no("operands are not dense")
                : floats || quantised ? Support.yes("ResizeBilinearReference", "java")
                : Support.no("input is " + in + ", output is " + out);
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Shape in = r.inputType(0).shape();
        Shape out = r.outputType().shape();
        Resize op = (Resize) r.op();
        return new Bound(Axis.of(op, in.dim(1), out.dim(1), true), Axis.of(op, in.dim(2), out.dim(2), false), in, out,
                r.inputType(0).dtype(), RawElements.bits(r.outputType(), op.rule().outside()), memory.input(0), memory.output(0));
    }

    /** For each output coordinate its two source coordinates, the weight of the second, and whether it lies outside of all. */
    private record Axis(int[] lower, int[] upper, float[] fraction, boolean[] outside) {
        static Axis of(Resize op, int in, int out, boolean vertical) {
            Axis axis = new Axis(new int[out], new int[out], new float[out], new boolean[out]);
            for (int i = 0; i < out; i++) {
                float at = op.rule().source(i, in, out, vertical);
                axis.lower[i] = Math.clamp((int) Math.floor(at), 0, in - 1);
                axis.upper[i] = Math.min(axis.lower[i] + 1, in - 1);
                axis.fraction[i] = Math.clamp(at - axis.lower[i], 0, 1);
                axis.outside[i] = op.rule().isOutside(i, in, out, vertical);
            }
            return axis;
        }
    }

    private record Bound(Axis rows, Axis columns, Shape in, Shape out, DType type, long outside, MemorySegment x, MemorySegment y)
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
                        interpolate(row, ox, c);
                    }
                }
            }
        }

        private void interpolate(int row, int ox, int c) {
            int n = row / out.dim(1);
            int oy = row % out.dim(1);
            long a = element(n, rows.lower[oy], columns.lower[ox], c);
            long b = element(n, rows.lower[oy], columns.upper[ox], c);
            long d = element(n, rows.upper[oy], columns.lower[ox], c);
            long e = element(n, rows.upper[oy], columns.upper[ox], c);
            long to = ((long) row * out.dim(2) + ox) * out.dim(3) + c;
            float fy = rows.fraction[oy];
            float fx = columns.fraction[ox];
            if (rows.outside[oy] || columns.outside[ox]) {
                RawElements.put(y, to, outside, type.bytes());
            } else if (type == DType.FLOAT32) {
                float top = Memory.f32(x, a) * (1 - fx) + Memory.f32(x, b) * fx;
                float bottom = Memory.f32(x, d) * (1 - fx) + Memory.f32(x, e) * fx;
                Memory.f32(y, to, top * (1 - fy) + bottom * fy);
            } else {
                int one = 1 << BITS;
                int wy = (int) Math.rint(fy * one);
                int wx = (int) Math.rint(fx * one);
                boolean signed = Memory.signed(type);
                int top = Memory.q8(x, signed, a) * (one - wx) + Memory.q8(x, signed, b) * wx;
                int bottom = Memory.q8(x, signed, d) * (one - wx) + Memory.q8(x, signed, e) * wx;
                Memory.q8(y, to, top * (one - wy) + bottom * wy + (1 << 2 * BITS - 1) >> 2 * BITS);
            }
        }

        private long element(int n, int iy, int ix, int c) {
            return (((long) n * in.dim(1) + iy) * in.dim(2) + ix) * in.dim(3) + c;
        }
    }
}
