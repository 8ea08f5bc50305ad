package ocelli.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import ocelli.core.kernel.QuantizedProduct;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.StridedLoops;
import ocelli.core.kernel.Tiling;

/**
 * Product of 8-bit tensors by {@link QuantizedProduct}; exact in float32, for no product exceeds 255 · 255, until it is scaled. The
 * clamp compares the bits of what is rounded as integers, which have the order of the numbers: {@code max} and {@code min} of floats
 * take three times as many instructions on x86, because of NaN and signed zeros.
 */
final class ProductKernel extends LoopKernel {
    private final byte flip;
    private final float zeroA;
    private final float zeroB;
    private final float scale;
    private final float offset;
    private final int low;
    private final int high;
    private final int zeroPoint;

    ProductKernel(StridedLoops loops, Tiling tiling, long a, long b, long y, boolean signed, QuantizedProduct rule) {
        super(loops, tiling, a, b, y, 1, 1);
        this.flip = (byte) (signed ? 0 : -128);
        this.zeroA = rule.zeroA() - (signed ? 0 : 128);
        this.zeroB = rule.zeroB() - (signed ? 0 : 128);
        this.scale = rule.scale();
        this.offset = rule.offset();
        this.low = rule.low();
        this.high = rule.high();
        this.zeroPoint = rule.zeroPoint();
    }

    @Override
    void row(long a, long b, long y, int n, int worker) {
        IntVector least = IntVector.broadcast(Lanes.I, Lanes.MAGIC_BITS + low);
        IntVector most = IntVector.broadcast(Lanes.I, Lanes.MAGIC_BITS + high);
        int i = 0;
        for (; i + Lanes.N <= n; i += Lanes.N) {
            FloatVector p = constantA ? FloatVector.broadcast(Lanes.F, (byte) (Lanes.i8(a) ^ flip) - zeroA)
                    : Lanes.bytesToFloats(a + i, flip).sub(zeroA);
            FloatVector q = constantB ? FloatVector.broadcast(Lanes.F, (byte) (Lanes.i8(b) ^ flip) - zeroB)
                    : Lanes.bytesToFloats(b + i, flip).sub(zeroB);
            IntVector v = p.mul(q).mul(scale).add(offset).add(Requantizer.MAGIC).reinterpretAsInts();
            Lanes.intsToBytes(v.max(least).min(most).sub(Lanes.MAGIC_BITS - zeroPoint), y + i);
        }
        for (; i < n; i++) {
            float p = (byte) (Lanes.i8(constantA ? a : a + i) ^ flip) - zeroA;
            float q = (byte) (Lanes.i8(constantB ? b : b + i) ^ flip) - zeroB;
            float t = Math.min(Math.max(p * q * scale + offset, low), high);
            Lanes.i8(y + i, (byte) ((int) Math.rint(t) + zeroPoint));
        }
    }
}
