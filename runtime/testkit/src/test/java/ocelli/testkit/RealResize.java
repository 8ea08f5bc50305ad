package ocelli.testkit;

import ocelli.core.graph.Resize;
import ocelli.core.graph.Sampling;
import ocelli.core.graph.Sampling.Coordinates;
import ocelli.testkit.RealOracle.Reals;

/** What a resize means, in real numbers: a place in the input, and the weight of every input pixel there. */
final class RealResize {
    private RealResize() {
    }

    /** The output at index {@code i}. */
    static double at(Reals x, Resize r, int[] i) {
        int h = x.shape().dim(1);
        int w = x.shape().dim(2);
        double y = source(r.rule(), i[1], h, r.outH(), true);
        double v = source(r.rule(), i[2], w, r.outW(), false);
        if (r.rule().coordinates() == Coordinates.CROP && (y < 0 || y > h - 1 || v < 0 || v > w - 1)) {
            return r.rule().outside();
        }
        double[] rows = weights(r, y, h, i[1], r.outH(), true);
        double[] columns = weights(r, v, w, i[2], r.outW(), false);
        double sum = 0;
        for (int iy = 0; iy < h; iy++) {
            for (int ix = 0; ix < w; ix++) {
                sum += rows[iy] == 0 || columns[ix] == 0 ? 0 : rows[iy] * columns[ix] * x.at(i[0], iy, ix, i[3]);
            }
        }
        return sum;
    }

    private static double source(Sampling s, int i, int in, int out, boolean vertical) {
        double given = vertical ? s.scaleH() : s.scaleW();
        double scale = given == 0 ? (double) out / in : given;
        return switch (s.coordinates()) {
            case ASYMMETRIC -> i / scale;
            case HALF_PIXEL -> (i + 0.5) / scale - 0.5;
            case HALF_PIXEL_PYTORCH -> out == 1 ? 0 : (i + 0.5) / scale - 0.5;
            case HALF_PIXEL_NEAREST -> (i + 0.5) / scale;
            case ALIGN_CORNERS -> out == 1 ? 0 : i * (in - 1.0) / (scale * in - 1);
            case CROP -> {
                double from = s.crop().get(vertical ? 0 : 1);
                double to = s.crop().get(vertical ? 2 : 3);
                yield out == 1 ? (from + to) / 2 * (in - 1) : (from + i * (to - from) / (out - 1)) * (in - 1);
            }
        };
    }

    /** The weight of each pixel of an axis. */
    private static double[] weights(Resize r, double at, int in, int i, int out, boolean vertical) {
        double[] weights = new double[in];
        switch (r.kind()) {
            case NEAREST -> weights[nearest(r.rule(), at, in, i, out, vertical)] = 1;
            case BILINEAR -> {
                for (int p = 0; p < in; p++) {
                    weights[p] = Math.max(0, 1 - Math.abs(Math.clamp(at, 0, in - 1) - p));
                }
            }
            case CUBIC -> {
                double inside = 0;
                for (int p = (int) Math.floor(at) - 1; p <= Math.floor(at) + 2; p++) {
                    boolean outside = p < 0 || p >= in;
                    double weight = keys(at - p, r.rule().cubic());
                    inside += outside ? 0 : weight;
                    weights[Math.clamp(p, 0, in - 1)] += outside && r.rule().excludeOutside() ? 0 : weight;
                }
                for (int p = 0; p < in && r.rule().excludeOutside(); p++) {
                    weights[p] /= inside;
                }
            }
        }
        return weights;
    }

    private static int nearest(Sampling s, double at, int in, int i, int out, boolean vertical) {
        boolean tflite = (vertical ? s.scaleH() : s.scaleW()) == 0 && s.coordinates() != Coordinates.CROP;
        double pixel = tflite ? tflite(s, i, in, out) : switch (s.rounding()) {
            case FLOOR -> Math.floor(at);
            case CEIL -> Math.ceil(at);
            case HALF_DOWN -> at - Math.floor(at) > 0.5 ? Math.ceil(at) : Math.floor(at);
            case HALF_UP -> at - Math.floor(at) < 0.5 ? Math.floor(at) : Math.ceil(at);
        };
        return (int) Math.clamp(pixel, 0, in - 1);
    }

    /** In exact fractions: the floor, with aligned corners rounded half up. */
    private static int tflite(Sampling s, int i, int in, int out) {
        return switch (s.coordinates()) {
            case ALIGN_CORNERS -> out == 1 ? 0 : Math.floorDiv(2 * i * (in - 1) + out - 1, 2 * (out - 1));
            case HALF_PIXEL_NEAREST -> (2 * i + 1) * in / (2 * out);
            case ASYMMETRIC -> i * in / out;
            default -> throw new AssertionError(s);
        };
    }

    /** The cubic convolution kernel, from its polynomial in powers of the distance. */
    static double keys(double distance, double a) {
        double d = Math.abs(distance);
        return d < 1 ? (a + 2) * Math.pow(d, 3) - (a + 3) * d * d + 1 : d < 2 ? a * (Math.pow(d, 3) - 5 * d * d + 8 * d - 4) : 0;
    }
}
