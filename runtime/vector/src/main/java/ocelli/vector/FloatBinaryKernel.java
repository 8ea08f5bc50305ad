package ocelli.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;

/** Sum, difference or product in float32 with a clamp. */
final class FloatBinaryKernel extends ChunkedKernel {
    private final MemorySegment a;
    private final MemorySegment b;
    private final MemorySegment y;
    private final Binary.Kind kind;
    private final float low;
    private final float high;
    private final boolean constant;

    FloatBinaryKernel(MemorySegment a, MemorySegment b, MemorySegment y, Binary.Kind kind, Activation activation) {
        super(elements(y, 4), elements(b, 4));
        this.a = a;
        this.b = b;
        this.y = y;
        this.kind = kind;
        this.low = activation.min();
        this.high = activation.max();
        this.constant = b.byteSize() == 4;
    }

    @Override
    void piece(int first, int second, int n) {
        int i = 0;
        for (; i + Lanes.N <= n; i += Lanes.N) {
            FloatVector p = Lanes.floats(a, 4L * (first + i));
            FloatVector q = constant ? FloatVector.broadcast(Lanes.F, b.get(Lanes.FLOAT, 0)) : Lanes.floats(b, 4L * (second + i));
            FloatVector v = switch (kind) {
                case ADD -> p.add(q);
                case SUB -> p.sub(q);
                case MUL -> p.mul(q);
            };
            v.max(low).min(high).intoMemorySegment(y, 4L * (first + i), Lanes.ORDER);
        }
        for (; i < n; i++) {
            float p = a.get(Lanes.FLOAT, 4L * (first + i));
            float q = b.get(Lanes.FLOAT, constant ? 0 : 4L * (second + i));
            float v = switch (kind) {
                case ADD -> p + q;
                case SUB -> p - q;
                case MUL -> p * q;
            };
            y.set(Lanes.FLOAT, 4L * (first + i), Math.min(Math.max(v, low), high));
        }
    }
}
