package ocelli.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import ocelli.core.kernel.Requantizer;

/** Product of 8-bit tensors; exact in float32, for no product exceeds 255 · 255. */
final class ProductKernel extends ChunkedKernel {
    private final long a;
    private final long b;
    private final long y;
    private final byte flip;
    private final float zeroA;
    private final float zeroB;
    private final float scale;
    private final float low;
    private final float high;
    private final int zeroPoint;
    private final boolean constant;

    ProductKernel(int count, int period, long a, long b, long y, boolean signed, int zeroA, int zeroB, Requantizer rule) {
        super(count, period);
        this.a = a;
        this.b = b;
        this.y = y;
        this.flip = (byte) (signed ? 0 : -128);
        this.zeroA = zeroA - (signed ? 0 : 128);
        this.zeroB = zeroB - (signed ? 0 : 128);
        this.scale = rule.scale(0);
        this.low = rule.low();
        this.high = rule.high();
        this.zeroPoint = rule.zeroPoint();
        this.constant = period == 1;
    }

    @Override
    void piece(int first, int second, int n) {
        int i = 0;
        for (; i + Lanes.N <= n; i += Lanes.N) {
            FloatVector p = Lanes.bytesToFloats(a + first + i, flip).sub(zeroA);
            FloatVector q = constant ? FloatVector.broadcast(Lanes.F, (byte) (Lanes.i8(b) ^ flip) - zeroB)
                    : Lanes.bytesToFloats(b + second + i, flip).sub(zeroB);
            IntVector v = p.mul(q).mul(scale).max(low).min(high).add(Requantizer.MAGIC).reinterpretAsInts();
            Lanes.intsToBytes(v.sub(Lanes.MAGIC_BITS - zeroPoint), y + first + i);
        }
        for (; i < n; i++) {
            float p = (byte) (Lanes.i8(a + first + i) ^ flip) - zeroA;
            float q = (byte) (Lanes.i8(constant ? b : b + second + i) ^ flip) - zeroB;
            float t = Math.min(Math.max(p * q * scale, low), high);
            Lanes.i8(y + first + i, (byte) ((int) Math.rint(t) + zeroPoint));
        }
    }
}
