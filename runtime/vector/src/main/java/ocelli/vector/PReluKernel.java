package ocelli.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@code x} where it is not negative, else {@code x · slope}, in float32. */
final class PReluKernel extends ChunkedKernel {
    private final MemorySegment x;
    private final MemorySegment slope;
    private final MemorySegment y;
    private final boolean constant;

    PReluKernel(MemorySegment x, MemorySegment slope, MemorySegment y) {
        super(elements(y, 4), elements(slope, 4));
        this.x = x;
        this.slope = slope;
        this.y = y;
        this.constant = slope.byteSize() == 4;
    }

    @Override
    void piece(int first, int second, int n) {
        int i = 0;
        for (; i + Lanes.N <= n; i += Lanes.N) {
            FloatVector v = Lanes.floats(x, 4L * (first + i));
            FloatVector s = constant ? FloatVector.broadcast(Lanes.F, slope.get(Lanes.FLOAT, 0)) : Lanes.floats(slope, 4L * (second + i));
            v.mul(s).blend(v, v.compare(VectorOperators.GE, 0f)).intoMemorySegment(y, 4L * (first + i), Lanes.ORDER);
        }
        for (; i < n; i++) {
            float v = x.get(Lanes.FLOAT, 4L * (first + i));
            float s = slope.get(Lanes.FLOAT, constant ? 0 : 4L * (second + i));
            y.set(Lanes.FLOAT, 4L * (first + i), v >= 0 ? v : v * s);
        }
    }
}
