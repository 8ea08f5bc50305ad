package ocelli.vector;

import ocelli.core.kernel.ConvGeometry;

/**
 * Lays the input elements under each output pixel in a row of float32, taps outermost; padding gives zeros. 8-bit elements
 * come without their zero point.
 *
 * @param x    address of the input
 * @param q8   8-bit elements, else float32
 * @param flip 0 for int8, −128 for uint8, see {@link Lanes#bytesToFloats}
 * @param zero the zero point less what flipping took away
 */
record Gather(ConvGeometry g, long x, boolean q8, byte flip, int zero) {

    static Gather q8(ConvGeometry g, long x, boolean signed, int zeroPoint) {
        return new Gather(g, x, true, (byte) (signed ? 0 : -128), signed ? zeroPoint : zeroPoint - 128);
    }

    static Gather f32(ConvGeometry g, long x) {
        return new Gather(g, x, false, (byte) 0, 0);
    }

    /** Rows of output pixels {@code first} … {@code first + count − 1}, one after the other from the address {@code rows} on. */
    void run(int first, int count, long rows) {
        long to = rows;
        int kernelW = g.window().kernelW();
        int dilationW = g.window().dilationW();
        // Neighbouring taps are neighbours in memory: a whole row of the window is copied at once.
        boolean joined = dilationW == 1 && g.inPixelStride() == g.inC();
        for (int pixel = first; pixel < first + count; pixel++) {
            int ox = pixel % g.outW();
            int oy = pixel / g.outW() % g.outH();
            long image = (long) (pixel / g.outW() / g.outH()) * g.inH();
            int left = ox * g.window().strideW() - g.window().padLeft();
            for (int ky = 0; ky < g.window().kernelH(); ky++) {
                int iy = oy * g.window().strideH() - g.window().padTop() + ky * g.window().dilationH();
                boolean inside = iy >= 0 && iy < g.inH();
                if (joined) {
                    int begin = inside ? Math.clamp(-left, 0, kernelW) : kernelW;
                    int end = inside ? Math.clamp(g.inW() - left, begin, kernelW) : kernelW;
                    zeros(to, begin * g.inC());
                    copy(((image + iy) * g.inW() + left + begin) * g.inC(), to + 4L * begin * g.inC(), (end - begin) * g.inC());
                    zeros(to + 4L * end * g.inC(), (kernelW - end) * g.inC());
                    to += 4L * kernelW * g.inC();
                } else {
                    for (int kx = 0; kx < kernelW; kx++) {
                        int ix = left + kx * dilationW;
                        if (inside && ix >= 0 && ix < g.inW()) {
                            copy(((image + iy) * g.inW() + ix) * g.inPixelStride(), to, g.inC());
                        } else {
                            zeros(to, g.inC());
                        }
                        to += 4L * g.inC();
                    }
                }
            }
        }
    }

    private static void zeros(long to, int count) {
        for (long i = to; i < to + 4L * count; i += 4) {
            Lanes.f32(i, 0f);
        }
    }

    private void copy(long from, long to, int count) {
        if (count == 0) {
            return;
        }
        if (!q8) {
            Lanes.copy(x + from * 4, to, 4L * count);
        } else if (count >= Lanes.N) {
            wide(from, to, count);
        } else {
            for (int i = 0; i < count; i++) {
                Lanes.f32(to + 4L * i, (byte) (Lanes.i8(x + from + i) ^ flip) - zero);
            }
        }
    }

    /** The last vector overlaps the one before, so that nothing beyond the elements is touched. */
    private void wide(long from, long to, int count) {
        float z = zero;
        int last = count - Lanes.N;
        for (int i = 0; i < last; i += Lanes.N) {
            Lanes.store(Lanes.bytesToFloats(x + from + i, flip).sub(z), to + 4L * i);
        }
        Lanes.store(Lanes.bytesToFloats(x + from + last, flip).sub(z), to + 4L * last);
    }
}
