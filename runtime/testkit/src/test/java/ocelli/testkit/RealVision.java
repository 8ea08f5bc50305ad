package ocelli.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.DeformConv2d;
import ocelli.core.graph.GridSample;
import ocelli.core.graph.MaxPoolIndices;
import ocelli.core.graph.NonMaxSuppression;
import ocelli.core.graph.Op;
import ocelli.core.graph.Resize;
import ocelli.core.graph.RoiAlign;
import ocelli.core.graph.Window;
import ocelli.core.tensor.Shape;
import ocelli.testkit.RealOracle.Reals;

/** What the operators of images and boxes mean, in real numbers. */
final class RealVision {
    private RealVision() {
    }

    /** Output {@code o} of shape {@code out}. */
    static Reals apply(Op op, List<Reals> in, Shape out, int o) {
        Reals x = in.getFirst();
        return switch (op) {
            case Resize r -> Reals.of(out, i -> RealResize.at(x, r, i));
            case ConvTranspose2d c -> transposed(in, c, out);
            case DeformConv2d d -> Reals.of(out, i -> RealOracle.activation(d.activation(), deformed(in, d, i, out)));
            case GridSample g -> Reals.of(out, i -> sampled(x, in.get(1), g, i));
            case RoiAlign r -> Reals.of(out, i -> aligned(x, in.get(1), in.get(2), r, i));
            case NonMaxSuppression n -> suppressed(x, in.get(1), n, out);
            case MaxPoolIndices m -> Reals.of(out, i -> largest(x, m, i, o));
            default -> throw new AssertionError(op);
        };
    }

    /** As the definition says: every input pixel adds its weighted window to the output. */
    private static Reals transposed(List<Reals> in, ConvTranspose2d c, Shape out) {
        Reals x = in.get(0);
        Window w = c.window();
        double[] sums = new double[out.elements()];
        int perGroup = x.shape().dim(3) / c.groups();
        Reals.of(in.get(1).shape(), k -> {
            int o = k[0];
            int channel = o / (out.dim(3) / c.groups()) * perGroup + k[3];
            Reals.of(Shape.of(x.shape().dim(0), x.shape().dim(1), x.shape().dim(2)), i -> {
                int y = i[1] * w.strideH() + k[1] * w.dilationH() - w.padTop();
                int v = i[2] * w.strideW() + k[2] * w.dilationW() - w.padLeft();
                if (y >= 0 && y < out.dim(1) && v >= 0 && v < out.dim(2)) {
                    sums[((i[0] * out.dim(1) + y) * out.dim(2) + v) * out.dim(3) + o] += x.at(i[0], i[1], i[2], channel) * in.get(1).at(k);
                }
                return 0;
            });
            return 0;
        });
        Reals sum = new Reals(out, sums, 0);
        return Reals.of(out, i -> RealOracle.activation(c.activation(), sum.at(i) + RealOracle.bias(in, i[3])));
    }

    private static double deformed(List<Reals> in, DeformConv2d d, int[] i, Shape out) {
        Reals x = in.get(0);
        Window w = d.window();
        int perGroup = x.shape().dim(3) / d.groups();
        double sum = in.get(3).values()[i[3]];
        for (int k = 0; k < perGroup; k++) {
            int channel = i[3] * d.groups() / out.dim(3) * perGroup + k;
            int offsetGroup = channel * d.offsetGroups() / x.shape().dim(3);
            for (int ky = 0; ky < w.kernelH(); ky++) {
                for (int kx = 0; kx < w.kernelW(); kx++) {
                    int tap = (offsetGroup * w.kernelH() + ky) * w.kernelW() + kx;
                    double y = RealOracle.y(w, i[1], ky) + in.get(2).at(i[0], i[1], i[2], 2 * tap);
                    double v = RealOracle.x(w, i[2], kx) + in.get(2).at(i[0], i[1], i[2], 2 * tap + 1);
                    double mask = in.size() > 4 ? in.get(4).at(i[0], i[1], i[2], tap) : 1;
                    sum += tent(x, i[0], y, v, channel) * mask * in.get(1).at(i[3], ky, kx, k);
                }
            }
        }
        return sum;
    }

    /** Bilinear interpolation as a sum over all pixels, each with the product of two triangles; nothing outside. */
    private static double tent(Reals x, int n, double y, double v, int c) {
        double sum = 0;
        for (int iy = 0; iy < x.shape().dim(1); iy++) {
            for (int ix = 0; ix < x.shape().dim(2); ix++) {
                sum += Math.max(0, 1 - Math.abs(y - iy)) * Math.max(0, 1 - Math.abs(v - ix)) * x.at(n, iy, ix, c);
            }
        }
        return sum;
    }

    private static double sampled(Reals x, Reals grid, GridSample g, int[] i) {
        int h = x.shape().dim(1);
        int w = x.shape().dim(2);
        double v = place(grid.at(i[0], i[1], i[2], 0), w, g.alignCorners());
        double y = place(grid.at(i[0], i[1], i[2], 1), h, g.alignCorners());
        int reach = switch (g.filter()) {
            case NEAREST -> 0;
            case BILINEAR -> 1;
            case BICUBIC -> 2;
        };
        if (reach == 0) {
            return tap(x, g, i, (int) Math.rint(y), (int) Math.rint(v));
        }
        double sum = 0;
        for (int iy = (int) Math.ceil(y) - reach; iy <= y + reach; iy++) {
            for (int ix = (int) Math.ceil(v) - reach; ix <= v + reach; ix++) {
                double weight = reach == 1 ? (1 - Math.abs(y - iy)) * (1 - Math.abs(v - ix))
                        : RealResize.keys(y - iy, -0.75) * RealResize.keys(v - ix, -0.75);
                sum += weight * tap(x, g, i, iy, ix);
            }
        }
        return sum;
    }

    private static double place(double v, int size, boolean alignCorners) {
        return alignCorners ? (v + 1) / 2 * (size - 1) : (v + 1) / 2 * size - 0.5;
    }

    private static double tap(Reals x, GridSample g, int[] i, int iy, int ix) {
        return switch (g.padding()) {
            case ZEROS -> x.at(i[0], iy, ix, i[3]);
            case BORDER -> x.at(i[0], Math.clamp(iy, 0, x.shape().dim(1) - 1), Math.clamp(ix, 0, x.shape().dim(2) - 1), i[3]);
            case REFLECTION -> x.at(i[0], mirrored(iy, x.shape().dim(1), g.alignCorners()),
                    mirrored(ix, x.shape().dim(2), g.alignCorners()), i[3]);
        };
    }

    /** Mirrors until the index is inside. */
    private static int mirrored(int i, int size, boolean alignCorners) {
        int at = size == 1 ? 0 : i;
        while (at < 0 || at >= size) {
            int edge = alignCorners ? 0 : 1;
            at = at < 0 ? -at - edge : 2 * (size - 1) - at + edge;
        }
        return at;
    }

    private static double aligned(Reals x, Reals regions, Reals batches, RoiAlign r, int[] i) {
        double shift = r.halfPixel() ? 0.5 : 0;
        double[] corner = IntStream.range(0, 4).mapToDouble(k -> regions.at(i[0], k) * r.spatialScale() - shift).toArray();
        double width = r.halfPixel() ? corner[2] - corner[0] : Math.max(1, corner[2] - corner[0]);
        double height = r.halfPixel() ? corner[3] - corner[1] : Math.max(1, corner[3] - corner[1]);
        int nx = r.samplingRatio() > 0 ? r.samplingRatio() : (int) Math.ceil(width / r.outW());
        int ny = r.samplingRatio() > 0 ? r.samplingRatio() : (int) Math.ceil(height / r.outH());
        double index = batches.at(i[0]);
        int n = (int) Math.clamp(index < 0 ? index + x.shape().dim(0) : index, 0, x.shape().dim(0) - 1);
        List<Double> sums = new ArrayList<>();
        List<Double> taps = new ArrayList<>();
        for (int j = 0; j < ny; j++) {
            for (int k = 0; k < nx; k++) {
                double y = corner[1] + (i[1] + (j + 0.5) / ny) * height / r.outH();
                double v = corner[0] + (i[2] + (k + 0.5) / nx) * width / r.outW();
                boolean outside = y < -1 || y > x.shape().dim(1) || v < -1 || v > x.shape().dim(2);
                double[] four = outside ? new double[4] : weighted(x, n, y, v, i[3]);
                sums.add(Arrays.stream(four).sum());
                Arrays.stream(four).forEach(taps::add);
            }
        }
        return r.average() ? sums.stream().mapToDouble(s -> s).average().orElse(0) : taps.stream().mapToDouble(t -> t).max().orElse(0);
    }

    /** The four weighted pixels around a place, which is moved into the image. */
    private static double[] weighted(Reals x, int n, double y, double v, int c) {
        double cy = Math.clamp(y, 0, x.shape().dim(1) - 1);
        double cx = Math.clamp(v, 0, x.shape().dim(2) - 1);
        double fy = cy - Math.floor(cy);
        double fx = cx - Math.floor(cx);
        int y0 = (int) cy;
        int x0 = (int) cx;
        return new double[] {(1 - fy) * (1 - fx) * x.at(n, y0, x0, c), (1 - fy) * fx * x.at(n, y0, x0 + 1, c),
            fy * (1 - fx) * x.at(n, y0 + 1, x0, c), fy * fx * x.at(n, y0 + 1, x0 + 1, c)};
    }

    private static Reals suppressed(Reals boxes, Reals scores, NonMaxSuppression n, Shape out) {
        List<double[]> rows = new ArrayList<>();
        for (int b = 0; b < scores.shape().dim(0); b++) {
            for (int c = 0; c < scores.shape().dim(1); c++) {
                int batch = b;
                int label = c;
                // The sort is stable: equal scores stay in the order of the boxes.
                List<Integer> order = IntStream.range(0, scores.shape().dim(2)).boxed()
                        .filter(i -> scores.at(batch, label, i) > n.scoreThreshold())
                        .sorted(Comparator.comparingDouble((Integer i) -> scores.at(batch, label, i)).reversed()).toList();
                List<Integer> kept = new ArrayList<>();
                for (int candidate : order) {
                    double[] box = rectangle(boxes, n, batch, candidate);
                    boolean free = kept.stream().noneMatch(k -> covers(rectangle(boxes, n, batch, k), box, n.iouThreshold()));
                    if (free && kept.size() < n.maxPerClass()) {
                        kept.add(candidate);
                    }
                }
                kept.forEach(k -> rows.add(new double[] {batch, label, k}));
            }
        }
        return Reals.of(out, i -> i[0] < rows.size() ? rows.get(i[0])[i[1]] : -1);
    }

    /** (y, x, y, x) with the smaller ones first, but for a negative width or height. */
    private static double[] rectangle(Reals boxes, NonMaxSuppression n, int b, int i) {
        double[] v = IntStream.range(0, 4).mapToDouble(k -> boxes.at(b, i, k)).toArray();
        return n.centerBoxes() ? new double[] {v[1] - v[3] / 2, v[0] - v[2] / 2, v[1] + v[3] / 2, v[0] + v[2] / 2}
                : new double[] {Math.min(v[0], v[2]), Math.min(v[1], v[3]), Math.max(v[0], v[2]), Math.max(v[1], v[3])};
    }

    private static boolean covers(double[] a, double[] b, double threshold) {
        double areaA = (a[2] - a[0]) * (a[3] - a[1]);
        double areaB = (b[2] - b[0]) * (b[3] - b[1]);
        double common = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
        return areaA > 0 && areaB > 0 && common > threshold * (areaA + areaB - common);
    }

    /** The largest element of a window, or its number in the order of the planes. */
    private static double largest(Reals x, MaxPoolIndices m, int[] i, int output) {
        Window w = m.window();
        double most = Double.NEGATIVE_INFINITY;
        int index = -1;
        for (int ky = 0; ky < w.kernelH(); ky++) {
            for (int kx = 0; kx < w.kernelW(); kx++) {
                int y = RealOracle.y(w, i[1], ky);
                int v = RealOracle.x(w, i[2], kx);
                if (y >= 0 && y < x.shape().dim(1) && v >= 0 && v < x.shape().dim(2) && x.at(i[0], y, v, i[3]) > most) {
                    most = x.at(i[0], y, v, i[3]);
                    int plane = (i[0] * x.shape().dim(3) + i[3]) * x.shape().dim(1) * x.shape().dim(2);
                    index = plane + (m.columnMajor() ? v * x.shape().dim(1) + y : y * x.shape().dim(2) + v);
                }
            }
        }
        return output == 0 ? most : index;
    }
}
