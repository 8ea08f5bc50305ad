package ocelli.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.StridedLoops;
import ocelli.core.kernel.Tiling;

/** float32 to 8-bit and back, and int32 to float32. */
final class ConvertKernels {
    private ConvertKernels() {
    }

    /** {@code round(x / scale) + zero}; NaN becomes the zero point. */
    static final class ToBytes extends LoopKernel {
        private final float scale;
        private final float low;
        private final float high;
        private final int zeroPoint;

        ToBytes(StridedLoops loops, Tiling tiling, long x, long y, float scale, Requantizer rule) {
            super(loops, tiling, x, 0, y, Float.BYTES, 1);
            this.scale = scale;
            this.low = rule.low();
            this.high = rule.high();
            this.zeroPoint = rule.zeroPoint();
        }

        @Override
        void row(long x, long b, long y, int n, int worker) {
            int i = 0;
            for (; i + Lanes.N <= n; i += Lanes.N) {
                FloatVector t = Lanes.floats(x + 4L * i).div(scale);
                t = t.blend(0f, t.test(VectorOperators.IS_NAN)).max(low).min(high).add(Requantizer.MAGIC);
                Lanes.intsToBytes(t.reinterpretAsInts().sub(Lanes.MAGIC_BITS - zeroPoint), y + i);
            }
            for (; i < n; i++) {
                float t = Lanes.f32(x + 4L * i) / scale;
                int q = Float.isNaN(t) ? 0 : (int) Math.rint(Math.min(Math.max(t, low), high));
                Lanes.i8(y + i, (byte) (q + zeroPoint));
            }
        }
    }

    /** {@code (x − zero) · scale}. */
    static final class ToFloats extends LoopKernel {
        private final byte flip;
        private final int zero;
        private final float scale;

        ToFloats(StridedLoops loops, Tiling tiling, long x, long y, boolean signed, int zeroPoint, float scale) {
            super(loops, tiling, x, 0, y, 1, Float.BYTES);
            this.flip = (byte) (signed ? 0 : -128);
            this.zero = zeroPoint - (signed ? 0 : 128);
            this.scale = scale;
        }

        @Override
        void row(long x, long b, long y, int n, int worker) {
            int i = 0;
            for (; i + Lanes.N <= n; i += Lanes.N) {
                Lanes.store(Lanes.bytesToFloats(x + i, flip).sub(zero).mul(scale), y + 4L * i);
            }
            for (; i < n; i++) {
                Lanes.f32(y + 4L * i, ((byte) (Lanes.i8(x + i) ^ flip) - zero) * scale);
            }
        }
    }

    /** int32 to the nearest float32. */
    static final class IntsToFloats extends LoopKernel {
        IntsToFloats(StridedLoops loops, Tiling tiling, long x, long y) {
            super(loops, tiling, x, 0, y, Integer.BYTES, Float.BYTES);
        }

        @Override
        void row(long x, long b, long y, int n, int worker) {
            int i = 0;
            for (; i + Lanes.N <= n; i += Lanes.N) {
                Lanes.store((FloatVector) Lanes.ints(x + 4L * i).convert(VectorOperators.I2F, 0), y + 4L * i);
            }
            for (; i < n; i++) {
                Lanes.f32(y + 4L * i, Lanes.i32(x + 4L * i));
            }
        }
    }
}
