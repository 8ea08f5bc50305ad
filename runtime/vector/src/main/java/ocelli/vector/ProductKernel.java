package ocelli.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import ocelli.core.kernel.Requantizer;

/** Product of 8-bit tensors; exact in float32, for no product exceeds 255 · 255. */
final class ProductKernel extends ChunkedKernel {
    private final MemorySegment a;
    private final MemorySegment b;
    private final MemorySegment y;
    private final byte flip;
    private final float zeroA;
    private final float zeroB;
    private final float scale;
    private final float low;
    private final float high;
    private final int zeroPoint;
    private final boolean constant;

    ProductKernel(MemorySegment a, MemorySegment b, MemorySegment y, boolean signed, int zeroA, int zeroB, Requantizer rule) {
        super(elements(y, 1), elements(b, 1));
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
        this.constant = b.byteSize() == 1;
    }

    @Override
    void piece(int first, int second, int n) {
        int i = 0;
        for (; i + Lanes.N <= n; i += Lanes.N) {
            FloatVector p = Lanes.bytesToFloats(a, first + i, flip).sub(zeroA);
            FloatVector q = constant ? FloatVector.broadcast(Lanes.F, (byte) (b.get(ValueLayout.JAVA_BYTE, 0) ^ flip) - zeroB)
                    : Lanes.bytesToFloats(b, second + i, flip).sub(zeroB);
            IntVector v = p.mul(q).mul(scale).max(low).min(high).add(Requantizer.MAGIC).reinterpretAsInts();
            Lanes.intsToBytes(v.sub(Lanes.MAGIC_BITS - zeroPoint), y, first + i);
        }
        for (; i < n; i++) {
            float p = (byte) (a.get(ValueLayout.JAVA_BYTE, first + i) ^ flip) - zeroA;
            float q = (byte) (b.get(ValueLayout.JAVA_BYTE, constant ? 0 : second + i) ^ flip) - zeroB;
            float t = Math.min(Math.max(p * q * scale, low), high);
            y.set(ValueLayout.JAVA_BYTE, first + i, (byte) ((int) Math.rint(t) + zeroPoint));
        }
    }
}
