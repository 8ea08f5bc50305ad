package ocelli.vector;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import ocelli.core.kernel.QuantizedSum;
import ocelli.core.kernel.StridedLoops;
import ocelli.core.kernel.Tiling;

/** Sum or difference of 8-bit tensors by {@link QuantizedSum}. */
final class SumKernel extends LoopKernel {
    private final byte flip;
    private final QuantizedSum rule;
    /** The rule's bias for bytes that come less what flipping took away. */
    private final int bias;

    SumKernel(StridedLoops loops, Tiling tiling, long a, long b, long y, boolean signed, QuantizedSum rule) {
        super(loops, tiling, a, b, y, 1, 1);
        this.flip = (byte) (signed ? 0 : -128);
        this.rule = rule;
        this.bias = rule.bias() + (signed ? 0 : 128 * (rule.multiplierA() + rule.multiplierB()));
    }

    @Override
    void row(long a, long b, long y, int n, int worker) {
        int i = 0;
        for (; i + Lanes.N <= n; i += Lanes.N) {
            IntVector p = constantA ? IntVector.broadcast(Lanes.I, (byte) (Lanes.i8(a) ^ flip))
                    : Lanes.bytesToInts(a + i, flip);
            IntVector q = constantB ? IntVector.broadcast(Lanes.I, (byte) (Lanes.i8(b) ^ flip))
                    : Lanes.bytesToInts(b + i, flip);
            IntVector v = p.mul(rule.multiplierA()).add(q.mul(rule.multiplierB())).add(bias).lanewise(VectorOperators.ASHR, rule.shift());
            Lanes.intsToBytes(v.max(rule.low()).min(rule.high()).add(rule.zeroPoint()), y + i);
        }
        for (; i < n; i++) {
            int p = (byte) (Lanes.i8(constantA ? a : a + i) ^ flip);
            int q = (byte) (Lanes.i8(constantB ? b : b + i) ^ flip);
            int v = bias + p * rule.multiplierA() + q * rule.multiplierB() >> rule.shift();
            Lanes.i8(y + i, (byte) (Math.clamp(v, rule.low(), rule.high()) + rule.zeroPoint()));
        }
    }
}
