package ocelli.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import ocelli.core.kernel.FloatSum;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.StridedLoops;
import ocelli.core.kernel.Tiling;

/** Sum or difference of 8-bit tensors by {@link FloatSum}; clamped as {@link ProductKernel} does. */
final class FloatSumKernel extends LoopKernel {
    private final byte flip;
    /** What flipping took away. */
    private final float back;
    private final FloatSum rule;

    FloatSumKernel(StridedLoops loops, Tiling tiling, long a, long b, long y, boolean signed, FloatSum rule) {
        super(loops, tiling, a, b, y, 1, 1);
        this.flip = (byte) (signed ? 0 : -128);
        this.back = signed ? 0 : 128;
        this.rule = rule;
    }

    @Override
    void row(long a, long b, long y, int n, int worker) {
        FloatVector scaleA = FloatVector.broadcast(Lanes.F, rule.scaleA());
        FloatVector scaleB = FloatVector.broadcast(Lanes.F, rule.scaleB());
        FloatVector offset = FloatVector.broadcast(Lanes.F, rule.offset());
        IntVector least = IntVector.broadcast(Lanes.I, Lanes.MAGIC_BITS + rule.low());
        IntVector most = IntVector.broadcast(Lanes.I, Lanes.MAGIC_BITS + rule.high());
        int i = 0;
        for (; i + Lanes.N <= n; i += Lanes.N) {
            FloatVector p = constantA ? FloatVector.broadcast(Lanes.F, real(a)) : Lanes.bytesToFloats(a + i, flip).add(back);
            FloatVector q = constantB ? FloatVector.broadcast(Lanes.F, real(b)) : Lanes.bytesToFloats(b + i, flip).add(back);
            IntVector v = p.fma(scaleA, q.fma(scaleB, offset)).add(Requantizer.MAGIC).reinterpretAsInts();
            Lanes.intsToBytes(v.max(least).min(most).sub(Lanes.MAGIC_BITS), y + i);
        }
        for (; i < n; i++) {
            float t = Math.fma(real(constantB ? b : b + i), rule.scaleB(), rule.offset());
            t = Math.fma(real(constantA ? a : a + i), rule.scaleA(), t);
            Lanes.i8(y + i, (byte) (int) Math.rint(Math.clamp(t, rule.low(), rule.high())));
        }
    }

    private float real(long at) {
        return (byte) (Lanes.i8(at) ^ flip) + back;
    }
}
