package ocelli.vector;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loops of every convolution: rows of A times one packed block of B, both float32 in native memory. A block is
 * {@value #VECTORS} vectors of channels, and its rows of depth follow each other.
 */
final class FloatGemm {
    /** Rows of a full tile: 6 · 2 sums, 2 of B and one of A stay in 16 registers. */
    static final int ROWS = 6;
    static final int VECTORS = 2;
    /** Channels of a block. */
    static final int BLOCK = VECTORS * Lanes.N;
    private static final long VECTOR_BYTES = 4L * Lanes.N;
    private static final long BLOCK_BYTES = 4L * BLOCK;

    private FloatGemm() {
    }

    /**
     * Six rows. Writes the sums to {@code out}, row after row of {@link #BLOCK} floats.
     *
     * @param a      address of the first row
     * @param stride bytes from row to row of a
     * @param b      address of the block's first depth
     * @param out    address of the sums
     */
    static void six(long a, long stride, long b, int depth, long out) {
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
        long a1 = a + stride;
        long a2 = a1 + stride;
        long a3 = a2 + stride;
        long a4 = a3 + stride;
        long a5 = a4 + stride;
        long k = 0;
        long w = b;
        for (int d = 0; d < depth; d++) {
            FloatVector b0 = Lanes.floats(w);
            FloatVector b1 = Lanes.floats(w + VECTOR_BYTES);
            FloatVector v = FloatVector.broadcast(Lanes.F, Lanes.f32(a + k));
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
            k += 4;
            w += BLOCK_BYTES;
        }
        store(out, 0, s00, s01);
        store(out, 1, s10, s11);
        store(out, 2, s20, s21);
        store(out, 3, s30, s31);
        store(out, 4, s40, s41);
        store(out, 5, s50, s51);
    }

    /** One row. */
    static void one(long a, long b, int depth, long out) {
        FloatVector s0 = FloatVector.zero(Lanes.F);
        FloatVector s1 = s0;
        long k = a;
        long w = b;
        for (int d = 0; d < depth; d++) {
            FloatVector v = FloatVector.broadcast(Lanes.F, Lanes.f32(k));
            s0 = v.fma(Lanes.floats(w), s0);
            s1 = v.fma(Lanes.floats(w + VECTOR_BYTES), s1);
            k += 4;
            w += BLOCK_BYTES;
        }
        store(out, 0, s0, s1);
    }

    private static void store(long out, int row, FloatVector s0, FloatVector s1) {
        Lanes.store(s0, out + row * BLOCK_BYTES);
        Lanes.store(s1, out + row * BLOCK_BYTES + VECTOR_BYTES);
    }
}
