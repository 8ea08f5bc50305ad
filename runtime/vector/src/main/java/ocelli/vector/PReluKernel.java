package ocelli.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import ocelli.core.kernel.StridedLoops;
import ocelli.core.kernel.Tiling;

/** {@code x} where it is not negative, else {@code x · slope}, in float32. */
final class PReluKernel extends LoopKernel {
    PReluKernel(StridedLoops loops, Tiling tiling, long x, long slope, long y) {
        super(loops, tiling, x, slope, y, Float.BYTES, Float.BYTES);
    }

    @Override
    void row(long x, long slope, long y, int n, int worker) {
        int i = 0;
        for (; i + Lanes.N <= n; i += Lanes.N) {
            FloatVector v = Lanes.floats(x + 4L * i);
            FloatVector s = constantB ? FloatVector.broadcast(Lanes.F, Lanes.f32(slope)) : Lanes.floats(slope + 4L * i);
            Lanes.store(v.mul(s).blend(v, v.compare(VectorOperators.GE, 0f)), y + 4L * i);
        }
        for (; i < n; i++) {
            float v = Lanes.f32(x + 4L * i);
            float s = Lanes.f32(constantB ? slope : slope + 4L * i);
            Lanes.f32(y + 4L * i, v >= 0 ? v : v * s);
        }
    }
}
