package ocelli.vector;

import jdk.incubator.vector.FloatVector;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.kernel.StridedLoops;
import ocelli.core.kernel.Tiling;

/** Sum, difference, product, quotient, smaller or larger of two in float32, with a clamp. */
final class FloatBinaryKernel extends LoopKernel {
    private final Binary.Kind kind;
    private final float low;
    private final float high;

    FloatBinaryKernel(StridedLoops loops, Tiling tiling, long a, long b, long y, Binary.Kind kind, Activation activation) {
        super(loops, tiling, a, b, y, Float.BYTES, Float.BYTES);
        this.kind = kind;
        this.low = activation.min();
        this.high = activation.max();
    }

    @Override
    void row(long a, long b, long y, int n, int worker) {
        int i = 0;
        for (; i + Lanes.N <= n; i += Lanes.N) {
            FloatVector p = constantA ? FloatVector.broadcast(Lanes.F, Lanes.f32(a)) : Lanes.floats(a + 4L * i);
            FloatVector q = constantB ? FloatVector.broadcast(Lanes.F, Lanes.f32(b)) : Lanes.floats(b + 4L * i);
            FloatVector v = switch (kind) {
                case ADD -> p.add(q);
                case SUB -> p.sub(q);
                case MUL -> p.mul(q);
                case DIV -> p.div(q);
                case MIN -> p.min(q);
                case MAX -> p.max(q);
                default -> throw new AssertionError(kind);
            };
            Lanes.store(v.max(low).min(high), y + 4L * i);
        }
        for (; i < n; i++) {
            float p = Lanes.f32(constantA ? a : a + 4L * i);
            float q = Lanes.f32(constantB ? b : b + 4L * i);
            float v = switch (kind) {
                case ADD -> p + q;
                case SUB -> p - q;
                case MUL -> p * q;
                case DIV -> p / q;
                case MIN -> Math.min(p, q);
                case MAX -> Math.max(p, q);
                default -> throw new AssertionError(kind);
            };
            Lanes.f32(y + 4L * i, Math.min(Math.max(v, low), high));
        }
    }
}
