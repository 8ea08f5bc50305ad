package ocelli.vector;

import ocelli.core.kernel.ConvGeometry;

/**
 * Rows of a convolution's input as float32, with zeros where the padding is; 8-bit elements come without their zero point.
 * Each row is copied once, and every window finds its elements in it, whereas windows gathered one by one took as long as
 * their products.
 *
 * @param x     address of the input
 * @param q8    8-bit elements, else float32
 * @param flip  0 for int8, −128 for uint8, see {@link Lanes#bytesToFloats}
 * @param zero  the zero point less what flipping took away
 * @param width pixels of a row: those that the windows cover
 */
record PaddedRows(ConvGeometry g, long x, boolean q8, byte flip, float zero, int width) {

    static PaddedRows q8(ConvGeometry g, long x, boolean signed, int zeroPoint) {
        return new PaddedRows(g, x, true, (byte) (signed ? 0 : -128), signed ? zeroPoint : zeroPoint - 128, Math.toIntExact(width(g)));
    }

    static PaddedRows f32(ConvGeometry g, long x) {
        return new PaddedRows(g, x, false, (byte) 0, 0, Math.toIntExact(width(g)));
    }

    /** Pixels of a row. */
    static long width(ConvGeometry g) {
        return (g.outW() - 1L) * g.window().strideW() + (g.window().kernelW() - 1L) * g.window().dilationW() + 1;
    }

    /** Rows from the first to the last of a window. */
    static long height(ConvGeometry g) {
        return (g.window().kernelH() - 1L) * g.window().dilationH() + 1;
    }

    /** Pixels of the whole input as they follow each other, all channels. */
    void pixels(long first, int count, long to) {
        convert(first * g.inPixelStride(), count, g.inC(), to);
    }

    /**
     * One row of {@code channels} channels from channel {@code c} on.
     *
     * @param iy the row, which may lie in the padding
     */
    void row(int image, int iy, int c, int channels, long to) {
        long bytes = 4L * channels;
        int left = Math.min(g.window().padLeft(), width);
        int inside = iy < 0 || iy >= g.inH() ? 0 : Math.min(width - left, g.inW());
        int begin = inside > 0 ? left : width;
        zeros(to, begin * bytes);
        if (inside > 0) {
            long from = ((long) image * g.inH() + iy) * g.inW() * g.inPixelStride() + c;
            convert(from, inside, channels, to + begin * bytes);
            zeros(to + (begin + inside) * bytes, (width - begin - inside) * bytes);
        }
    }

    private static void zeros(long to, long bytes) {
        long end = to + bytes;
        long i = to;
        for (; i + 4L * Lanes.N <= end; i += 4L * Lanes.N) {
            Lanes.store(Lanes.ZERO, i);
        }
        for (; i < end; i += 4) {
            Lanes.f32(i, 0f);
        }
    }

    /**
     * Some pixels one behind the other. The last vector of neighbours overlaps the one before, so that nothing beyond them is touched.
     *
     * <p>One method for all cases, so that C2 compiles it by itself, see {@link Requantize#column}.
     *
     * @param from the first element of the input
     */
    private void convert(long from, int pixels, int channels, long to) {
        int stride = g.inPixelStride();
        boolean dense = channels == stride;
        long count = dense ? (long) pixels * channels : channels;
        int runs = dense ? 1 : pixels;
        int size = q8 ? 1 : 4;
        long at = x + from * size;
        long into = to;
        if (count == Lanes.N && q8) {
            for (int i = 0; i < runs; i++) {
                Lanes.store(Lanes.bytesToFloats(at, flip).sub(zero), into);
                at += stride;
                into += 4L * Lanes.N;
            }
        } else if (count == Lanes.N) {
            for (int i = 0; i < runs; i++) {
                Lanes.store(Lanes.floats(at), into);
                at += 4L * stride;
                into += 4L * Lanes.N;
            }
        } else if (count < Lanes.N) {
            for (int i = 0; i < runs; i++) {
                for (long e = 0; e < count; e++) {
                    Lanes.f32(into + 4 * e, q8 ? (byte) (Lanes.i8(at + e) ^ flip) - zero : Lanes.f32(at + 4 * e));
                }
                at += (long) size * stride;
                into += 4 * count;
            }
        } else {
            long last = count - Lanes.N;
            for (int i = 0; i < runs; i++) {
                if (q8) {
                    for (long e = 0; e < count; e += Lanes.N) {
                        long element = Math.min(e, last);
                        Lanes.store(Lanes.bytesToFloats(at + element, flip).sub(zero), into + 4 * element);
                    }
                } else {
                    for (long e = 0; e < count; e += Lanes.N) {
                        long element = Math.min(e, last);
                        Lanes.store(Lanes.floats(at + 4 * element), into + 4 * element);
                    }
                }
                at += (long) size * stride;
                into += 4 * count;
            }
        }
    }
}
