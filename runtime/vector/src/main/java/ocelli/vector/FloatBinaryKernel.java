package ocelli.vector;

import jdk.incubator.vector.FloatVector;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;

/** Sum, difference or product in float32 with a clamp. */
final class FloatBinaryKernel extends ChunkedKernel {
    private final long a;
    private final long b;
    private final long y;
    private final Binary.Kind kind;
    private final float low;
    private final float high;
    private final boolean constant;

    FloatBinaryKernel(int count, int period, long a, long b, long y, Binary.Kind kind, Activation activation) {
        super(count, period);
        this.a = a;
        this.b = b;
        this.y = y;
        this.kind = kind;
        this.low = activation.min();
        this.high = activation.max();
        this.constant = period == 1;
    }

    @Override
    void piece(int first, int second, int n) {
        int i = 0;
        for (; i + Lanes.N <= n; i += Lanes.N) {
            FloatVector p = Lanes.floats(a + 4L * (first + i));
            FloatVector q = constant ? FloatVector.broadcast(Lanes.F, Lanes.f32(b)) : Lanes.floats(b + 4L * (second + i));
            FloatVector v = switch (kind) {
                case ADD -> p.add(q);
                case SUB -> p.sub(q);
                case MUL -> p.mul(q);
                default -> throw new AssertionError(kind);
            };
            Lanes.store(v.max(low).min(high), y + 4L * (first + i));
        }
        for (; i < n; i++) {
            float p = Lanes.f32(a + 4L * (first + i));
            float q = Lanes.f32(constant ? b : b + 4L * (second + i));
            float v = switch (kind) {
                case ADD -> p + q;
                case SUB -> p - q;
                case MUL -> p * q;
                default -> throw new AssertionError(kind);
            };
            Lanes.f32(y + 4L * (first + i), Math.min(Math.max(v, low), high));
        }
    }
}
