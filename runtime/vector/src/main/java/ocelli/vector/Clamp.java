package ocelli.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import ocelli.core.graph.Activation;
import ocelli.core.kernel.KernelMemory;

/**
 * The float32 epilogue: bias and activation. It compares and blends, for {@code max} and {@code min} take three times as many
 * instructions on x86, because of NaN and signed zeros.
 *
 * @param bias address of a float32 for each channel, padded with zeros
 */
record Clamp(long bias, float low, float high) implements Epilogue {

    /** @param given the model's bias, or null */
    static Clamp of(MemorySegment given, int channels, int padded, Activation activation, KernelMemory memory) {
        MemorySegment bias = memory.packed("bias", 4L * padded, m -> {
            if (given != null) {
                MemorySegment.copy(given, 0, m, 0, 4L * channels);
            }
        });
        return new Clamp(bias.address(), activation.min(), activation.max());
    }

    @Override
    public int bytes() {
        return Float.BYTES;
    }

    @Override
    public void column(long sums, long stride, int pixels, int c, int lanes, long to, long gap) {
        if (lanes == Lanes.N) {
            whole(sums, stride, pixels, bias + 4L * c, to, gap);
            return;
        }
        whole(sums, stride, pixels, bias + 4L * c, sums, stride);
        for (int i = 0; i < pixels; i++) {
            Lanes.copy32(sums + i * stride, to + i * gap, lanes);
        }
    }

    private void whole(long sums, long stride, int pixels, long biasAt, long to, long gap) {
        FloatVector b = Lanes.floats(biasAt);
        FloatVector least = FloatVector.broadcast(Lanes.F, low);
        FloatVector most = FloatVector.broadcast(Lanes.F, high);
        long from = sums;
        long into = to;
        for (int i = 0; i < pixels; i++) {
            FloatVector v = Lanes.floats(from).add(b);
            v = v.blend(least, v.compare(VectorOperators.LT, least));
            Lanes.store(v.blend(most, v.compare(VectorOperators.GT, most)), into);
            from += stride;
            into += gap;
        }
    }
}
