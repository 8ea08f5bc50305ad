package ocelli.vector;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import ocelli.core.kernel.QuantizedSum;

/** Sum or difference of 8-bit tensors by {@link QuantizedSum}. */
final class SumKernel extends ChunkedKernel {
    private final long a;
    private final long b;
    private final long y;
    private final byte flip;
    private final QuantizedSum rule;
    /** The rule's bias for bytes that come less what flipping took away. */
    private final int bias;
    private final boolean constant;

    SumKernel(int count, int period, long a, long b, long y, boolean signed, QuantizedSum rule) {
        super(count, period);
        this.a = a;
        this.b = b;
        this.y = y;
        this.flip = (byte) (signed ? 0 : -128);
        this.rule = rule;
        this.bias = rule.bias() + (signed ? 0 : 128 * (rule.multiplierA() + rule.multiplierB()));
        this.constant = period == 1;
    }

    @Override
    void piece(int first, int second, int n) {
        int i = 0;
        for (; i + Lanes.N <= n; i += Lanes.N) {
            IntVector p = Lanes.bytesToInts(a + first + i, flip).mul(rule.multiplierA());
            IntVector q = constant ? IntVector.broadcast(Lanes.I, (byte) (Lanes.i8(b) ^ flip))
                    : Lanes.bytesToInts(b + second + i, flip);
            IntVector v = p.add(q.mul(rule.multiplierB())).add(bias).lanewise(VectorOperators.ASHR, rule.shift());
            Lanes.intsToBytes(v.max(rule.low()).min(rule.high()).add(rule.zeroPoint()), y + first + i);
        }
        for (; i < n; i++) {
            int p = (byte) (Lanes.i8(a + first + i) ^ flip);
            int q = (byte) (Lanes.i8(constant ? b : b + second + i) ^ flip);
            int v = bias + p * rule.multiplierA() + q * rule.multiplierB() >> rule.shift();
            Lanes.i8(y + first + i, (byte) (Math.clamp(v, rule.low(), rule.high()) + rule.zeroPoint()));
        }
    }
}
