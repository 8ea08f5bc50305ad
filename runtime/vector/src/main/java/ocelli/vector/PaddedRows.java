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
        if (g.inPixelStride() == g.inC()) {
            elements(first * g.inC(), (long) count * g.inC(), to);
        } else {
            apart(first * g.inPixelStride(), count, g.inC(), to);
        }
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
            if (channels == g.inPixelStride()) {
                elements(from, (long) inside * channels, to + begin * bytes);
            } else {
                apart(from, inside, channels, to + begin * bytes);
            }
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

    private void apart(long from, int pixels, int channels, long to) {
        if (channels == Lanes.N) {
            if (q8) {
                vectorsOfBytes(x + from, pixels, to);
            } else {
                vectorsOfFloats(x + 4 * from, pixels, to);
            }
            return;
        }
        for (int i = 0; i < pixels; i++) {
            elements(from + (long) i * g.inPixelStride(), channels, to + 4L * i * channels);
        }
    }

    private void vectorsOfBytes(long from, int pixels, long to) {
        long at = from;
        long into = to;
        for (int i = 0; i < pixels; i++) {
            Lanes.store(Lanes.bytesToFloats(at, flip).sub(zero), into);
            at += g.inPixelStride();
            into += 4L * Lanes.N;
        }
    }

    private void vectorsOfFloats(long from, int pixels, long to) {
        long at = from;
        long into = to;
        for (int i = 0; i < pixels; i++) {
            Lanes.store(Lanes.floats(at), into);
            at += 4L * g.inPixelStride();
            into += 4L * Lanes.N;
        }
    }

    private void elements(long from, long count, long to) {
        if (q8) {
            bytes(x + from, count, to);
        } else {
            floats(x + 4 * from, count, to);
        }
    }

    /** The last vector overlaps the one before, so that nothing beyond the elements is touched. */
    private void bytes(long from, long count, long to) {
        if (count < Lanes.N) {
            for (long i = 0; i < count; i++) {
                Lanes.f32(to + 4 * i, (byte) (Lanes.i8(from + i) ^ flip) - zero);
            }
            return;
        }
        long last = count - Lanes.N;
        for (long i = 0; i < last; i += Lanes.N) {
            Lanes.store(Lanes.bytesToFloats(from + i, flip).sub(zero), to + 4 * i);
        }
        Lanes.store(Lanes.bytesToFloats(from + last, flip).sub(zero), to + 4 * last);
    }

    private static void floats(long from, long count, long to) {
        if (count < Lanes.N) {
            for (long i = 0; i < 4 * count; i += 4) {
                Lanes.f32(to + i, Lanes.f32(from + i));
            }
            return;
        }
        long last = 4 * (count - Lanes.N);
        for (long i = 0; i < last; i += 4L * Lanes.N) {
            Lanes.store(Lanes.floats(from + i), to + i);
        }
        Lanes.store(Lanes.floats(from + last), to + last);
    }
}
