package ocelli.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/** float32 to uint8 by the tensor's own range, which is widened to hold 0. One tile, for all elements make the range. */
final class DynamicQuantizeVector implements KernelFactory {
    private static final int LEVELS = 255;

    @Override
    public Support supports(KernelRequest r) {
        boolean fits = r.outputType().dtype() == DType.UINT8 && r.outputs().get(1).type().dtype() == DType.FLOAT32
                && r.outputs().get(2).type().dtype() == DType.UINT8;
        return !r.isDense() ? Support.no("operands are not dense") : fits ? Support.yes("DynamicQuantizeVector", Lanes.TIER)
                : Support.no("outputs are " + r.outputs().stream().map(o -> o.type().toString()).toList());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        return new Bound(r.inputType(0).shape().elements(), Lanes.address(memory.input(0), memory), memory.output(0).address(),
                memory.output(1).address(), memory.output(2).address());
    }

    private record Bound(int n, long x, long y, long scaleOut, long zeroOut) implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            float least = least();
            float range = (most() - least) / LEVELS;
            float scale = range == 0 ? 1 : range;
            int zero = (int) Math.rint(Math.clamp(-least / scale, 0f, (float) LEVELS));
            quantize(scale, zero);
            Lanes.f32(scaleOut, scale);
            Lanes.i8(zeroOut, (byte) zero);
        }

        /** Comparisons, unlike the minimum of numbers, pass over what is not a number. */
        private float least() {
            FloatVector v = FloatVector.zero(Lanes.F);
            int i = 0;
            for (; i + Lanes.N <= n; i += Lanes.N) {
                FloatVector next = Lanes.floats(x + 4L * i);
                v = v.blend(next, next.compare(VectorOperators.LT, v));
            }
            float least = v.reduceLanes(VectorOperators.MIN);
            for (; i < n; i++) {
                least = Lanes.f32(x + 4L * i) < least ? Lanes.f32(x + 4L * i) : least;
            }
            return least;
        }

        private float most() {
            FloatVector v = FloatVector.zero(Lanes.F);
            int i = 0;
            for (; i + Lanes.N <= n; i += Lanes.N) {
                FloatVector next = Lanes.floats(x + 4L * i);
                v = v.blend(next, next.compare(VectorOperators.GT, v));
            }
            float most = v.reduceLanes(VectorOperators.MAX);
            for (; i < n; i++) {
                most = Lanes.f32(x + 4L * i) > most ? Lanes.f32(x + 4L * i) : most;
            }
            return most;
        }

        private void quantize(float scale, int zero) {
            int i = 0;
            for (; i + Lanes.N <= n; i += Lanes.N) {
                FloatVector t = Lanes.floats(x + 4L * i).div(scale);
                t = t.blend(0f, t.test(VectorOperators.IS_NAN)).max(-zero).min(LEVELS - zero).add(Requantizer.MAGIC);
                Lanes.intsToBytes(t.reinterpretAsInts().sub(Lanes.MAGIC_BITS - zero), y + i);
            }
            for (; i < n; i++) {
                float t = Lanes.f32(x + 4L * i) / scale;
                int q = Float.isNaN(t) ? 0 : (int) Math.rint(Math.clamp(t, (float) -zero, (float) (LEVELS - zero)));
                Lanes.i8(y + i, (byte) (q + zero));
            }
        }
    }
}
