package ocelli.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@code x} where it is not negative, else {@code x · slope}, in float32. */
final class PReluKernel extends ChunkedKernel {
    private final long x;
    private final long slope;
    private final long y;
    private final boolean constant;

    PReluKernel(int count, int period, long x, long slope, long y) {
        super(count, period);
        this.x = x;
        this.slope = slope;
        this.y = y;
        this.constant = period == 1;
    }

    @Override
    void piece(int first, int second, int n) {
        int i = 0;
        for (; i + Lanes.N <= n; i += Lanes.N) {
            FloatVector v = Lanes.floats(x + 4L * (first + i));
            FloatVector s = constant ? FloatVector.broadcast(Lanes.F, Lanes.f32(slope)) : Lanes.floats(slope + 4L * (second + i));
            Lanes.store(v.mul(s).blend(v, v.compare(VectorOperators.GE, 0f)), y + 4L * (first + i));
        }
        for (; i < n; i++) {
            float v = Lanes.f32(x + 4L * (first + i));
            float s = Lanes.f32(constant ? slope : slope + 4L * (second + i));
            Lanes.f32(y + 4L * (first + i), v >= 0 ? v : v * s);
        }
    }
}
