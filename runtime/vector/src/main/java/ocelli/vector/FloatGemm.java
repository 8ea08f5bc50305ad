package ocelli.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * The inner loops of every convolution: some windows times one block of weights, both float32 in native memory. Where a window
 * begins stands in a table of bytes from a base, where its elements lie in another, so that the same loops serve pointwise layers
 * and windows of rows. The tables are arrays because the compiler stops inlining at a number of nodes, of which an access to
 * an array takes few and one to a segment many. Sums go to memory, one vector or two for each window.
 */
final class FloatGemm {
    /** Windows of {@link #eight} and {@link #pairs}; {@link #six} has two less. */
    static final int ROWS = 8;
    static final int SIX = 6;
    private static final long VECTOR = 4L * Lanes.N;
    private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(Lanes.F, i -> 2 * i % Lanes.N);
    private static final VectorShuffle<Float> ODD = VectorShuffle.fromOp(Lanes.F, i -> 2 * i % Lanes.N + 1);

    private FloatGemm() {
    }

    /**
     * Six windows by two vectors of channels: 12 sums, 2 vectors of weights and one element stay in 16 registers.
     *
     * @param base    address that the windows are relative to
     * @param windows where each begins
     * @param first   index of the first window
     * @param offsets where each element of the depth lies in a window
     * @param from    index of the first element
     * @param b       address of the block's weights
     * @param out     address of the sums
     */
    static void six(long base, long[] windows, int first, int[] offsets, int from, long b, int depth, long out) {
        FloatVector s00 = FloatVector.zero(Lanes.F);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s40 = s00;
        FloatVector s41 = s00;
        FloatVector s50 = s00;
        FloatVector s51 = s00;
        long a0 = base + windows[first];
        long a1 = base + windows[first + 1];
        long a2 = base + windows[first + 2];
        long a3 = base + windows[first + 3];
        long a4 = base + windows[first + 4];
        long a5 = base + windows[first + 5];
        long w = b;
        for (int d = 0; d < depth; d++) {
            long k = offsets[from + d];
            FloatVector b0 = Lanes.floats(w);
            FloatVector b1 = Lanes.floats(w + VECTOR);
            FloatVector v = FloatVector.broadcast(Lanes.F, Lanes.f32(a0 + k));
            s00 = v.fma(b0, s00);
            s01 = v.fma(b1, s01);
            v = FloatVector.broadcast(Lanes.F, Lanes.f32(a1 + k));
            s10 = v.fma(b0, s10);
            s11 = v.fma(b1, s11);
            v = FloatVector.broadcast(Lanes.F, Lanes.f32(a2 + k));
            s20 = v.fma(b0, s20);
            s21 = v.fma(b1, s21);
            v = FloatVector.broadcast(Lanes.F, Lanes.f32(a3 + k));
            s30 = v.fma(b0, s30);
            s31 = v.fma(b1, s31);
            v = FloatVector.broadcast(Lanes.F, Lanes.f32(a4 + k));
            s40 = v.fma(b0, s40);
            s41 = v.fma(b1, s41);
            v = FloatVector.broadcast(Lanes.F, Lanes.f32(a5 + k));
            s50 = v.fma(b0, s50);
            s51 = v.fma(b1, s51);
            w += 2 * VECTOR;
        }
        store(out, s00, s01);
        store(out + 2 * VECTOR, s10, s11);
        store(out + 4 * VECTOR, s20, s21);
        store(out + 6 * VECTOR, s30, s31);
        store(out + 8 * VECTOR, s40, s41);
        store(out + 10 * VECTOR, s50, s51);
    }

    private static void store(long out, FloatVector s0, FloatVector s1) {
        Lanes.store(s0, out);
        Lanes.store(s1, out + VECTOR);
    }

    /** Eight windows by one vector of channels: as many sums as two multiply-adds of four cycles want. */
    static void eight(long base, long[] windows, int first, int[] offsets, long b, int depth, long out) {
        FloatVector s0 = FloatVector.zero(Lanes.F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector s4 = s0;
        FloatVector s5 = s0;
        FloatVector s6 = s0;
        FloatVector s7 = s0;
        long a0 = base + windows[first];
        long a1 = base + windows[first + 1];
        long a2 = base + windows[first + 2];
        long a3 = base + windows[first + 3];
        long a4 = base + windows[first + 4];
        long a5 = base + windows[first + 5];
        long a6 = base + windows[first + 6];
        long a7 = base + windows[first + 7];
        long w = b;
        for (int d = 0; d < depth; d++) {
            long k = offsets[d];
            FloatVector v = Lanes.floats(w);
            s0 = FloatVector.broadcast(Lanes.F, Lanes.f32(a0 + k)).fma(v, s0);
            s1 = FloatVector.broadcast(Lanes.F, Lanes.f32(a1 + k)).fma(v, s1);
            s2 = FloatVector.broadcast(Lanes.F, Lanes.f32(a2 + k)).fma(v, s2);
            s3 = FloatVector.broadcast(Lanes.F, Lanes.f32(a3 + k)).fma(v, s3);
            s4 = FloatVector.broadcast(Lanes.F, Lanes.f32(a4 + k)).fma(v, s4);
            s5 = FloatVector.broadcast(Lanes.F, Lanes.f32(a5 + k)).fma(v, s5);
            s6 = FloatVector.broadcast(Lanes.F, Lanes.f32(a6 + k)).fma(v, s6);
            s7 = FloatVector.broadcast(Lanes.F, Lanes.f32(a7 + k)).fma(v, s7);
            w += VECTOR;
        }
        store(out, s0, s1);
        store(out + 2 * VECTOR, s2, s3);
        store(out + 4 * VECTOR, s4, s5);
        store(out + 6 * VECTOR, s6, s7);
    }

    /** Eight windows by half a vector of channels, two elements of the depth at a time: {@link #join} adds the halves. */
    static void pairs(long base, long[] windows, int first, int[] offsets, long b, int steps, long out) {
        FloatVector s0 = FloatVector.zero(Lanes.F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector s4 = s0;
        FloatVector s5 = s0;
        FloatVector s6 = s0;
        FloatVector s7 = s0;
        long a0 = base + windows[first];
        long a1 = base + windows[first + 1];
        long a2 = base + windows[first + 2];
        long a3 = base + windows[first + 3];
        long a4 = base + windows[first + 4];
        long a5 = base + windows[first + 5];
        long a6 = base + windows[first + 6];
        long a7 = base + windows[first + 7];
        long w = b;
        for (int d = 0; d < steps; d++) {
            long k = offsets[d];
            FloatVector v = Lanes.floats(w);
            s0 = Lanes.twoFloats(a0 + k).fma(v, s0);
            s1 = Lanes.twoFloats(a1 + k).fma(v, s1);
            s2 = Lanes.twoFloats(a2 + k).fma(v, s2);
            s3 = Lanes.twoFloats(a3 + k).fma(v, s3);
            s4 = Lanes.twoFloats(a4 + k).fma(v, s4);
            s5 = Lanes.twoFloats(a5 + k).fma(v, s5);
            s6 = Lanes.twoFloats(a6 + k).fma(v, s6);
            s7 = Lanes.twoFloats(a7 + k).fma(v, s7);
            w += VECTOR;
        }
        store(out, s0, s1);
        store(out + 2 * VECTOR, s2, s3);
        store(out + 4 * VECTOR, s4, s5);
        store(out + 6 * VECTOR, s6, s7);
    }

    /** Adds the odd lanes of so many vectors to the even ones; the sums are the first half of each. */
    static void join(long sums, int count) {
        for (long i = sums; i < sums + count * VECTOR; i += VECTOR) {
            FloatVector v = Lanes.floats(i);
            Lanes.store(v.rearrange(EVEN).add(v.rearrange(ODD)), i);
        }
    }

    /** One window by two vectors of channels. */
    static void one(long a, int[] offsets, int from, long b, int depth, long out) {
        FloatVector s0 = FloatVector.zero(Lanes.F);
        FloatVector s1 = s0;
        long w = b;
        for (int d = 0; d < depth; d++) {
            FloatVector v = FloatVector.broadcast(Lanes.F, Lanes.f32(a + offsets[from + d]));
            s0 = v.fma(Lanes.floats(w), s0);
            s1 = v.fma(Lanes.floats(w + VECTOR), s1);
            w += 2 * VECTOR;
        }
        store(out, s0, s1);
    }

    /** Adds so many float32 products, all exact, to int32 sums, or begins the sums with them. */
    static void add(long products, long sums, int count, boolean more) {
        for (long i = 0; i < count * VECTOR; i += VECTOR) {
            IntVector v = (IntVector) Lanes.floats(products + i).convert(VectorOperators.F2I, 0);
            Lanes.store(more ? v.add(Lanes.ints(sums + i)) : v, sums + i);
        }
    }
}
