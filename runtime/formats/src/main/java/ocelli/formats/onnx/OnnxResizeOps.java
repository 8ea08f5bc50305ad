package ocelli.formats.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Sampling;
import ocelli.core.graph.Sampling.Coordinates;
import ocelli.core.graph.Sampling.Rounding;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;

/**
 * Resize of all operator sets and its forerunner Upsample. The filters are separable, so any set of dimensions is resized, two at a
 * time as the H and W of the core operator.
 */
final class OnnxResizeOps {
    private OnnxResizeOps() {
    }

    static Map<String, OnnxMapper> table() {
        return Map.of("Resize", OnnxResizeOps::resize, "Upsample", OnnxResizeOps::upsample);
    }

    /**
     * What happens to each dimension.
     *
     * @param size   of the output
     * @param scale  as the file has it, 0 when it follows from the sizes
     * @param region first the begins, then the ends, empty without one
     */
    private record Target(int[] size, float[] scale, float[] region) {
    }

    private static void upsample(OnnxNode n) {
        if (n.opset() < 7) {
            throw n.unsupported("operator set " + n.opset() + ", wanted at least 7");
        }
        float[] scales = n.opset() < 9 ? n.floats("scales") : n.constantFloats(1, "scales");
        n.output(0, simple(n, scales));
    }

    private static void resize(OnnxNode n) {
        if (n.opset() < 11) {
            n.output(0, simple(n, n.constantFloats(1, "scales")));
            return;
        }
        Value x = n.input(0);
        Shape s = x.type().shape();
        Resize.Kind kind = kind(n);
        String name = n.s("coordinate_transformation_mode", "half_pixel");
        Target target = target(n, s, name);
        Coordinates coordinates = coordinates(n, name, s, target);
        String rounding = n.s("nearest_mode", "round_prefer_floor");
        Rounding round = switch (rounding) {
            case "round_prefer_floor" -> Rounding.HALF_DOWN;
            case "round_prefer_ceil" -> Rounding.HALF_UP;
            case "floor" -> Rounding.FLOOR;
            case "ceil" -> Rounding.CEIL;
            default -> throw new IllegalArgumentException("nearest_mode is " + rounding);
        };
        if (n.i("antialias", 0) != 0 && kind != Resize.Kind.NEAREST
                && IntStream.range(0, s.rank()).anyMatch(i -> target.size[i] < s.dim(i))) {
            throw n.unsupported("antialias while making the image smaller");
        }
        Sampling rule = new Sampling(coordinates, round, 0, 0, n.f("cubic_coeff_a", -0.75f), n.i("exclude_outside", 0) != 0,
                coordinates == Coordinates.CROP ? List.of(0f, 0f, 1f, 1f) : List.of(), n.f("extrapolation_value", 0));
        n.output(0, resized(n, x, kind, rule, target));
    }

    /** Before operator set 11: asymmetric coordinates, and the nearest pixel rounded down, or up while making the image smaller. */
    private static Value simple(OnnxNode n, float[] scales) {
        Value x = n.input(0);
        Shape s = x.type().shape();
        Target target = byScales(s, scales, IntStream.range(0, s.rank()).toArray());
        boolean smaller = IntStream.range(0, s.rank()).anyMatch(i -> target.scale[i] != 0 && target.scale[i] < 1);
        boolean larger = IntStream.range(0, s.rank()).anyMatch(i -> target.scale[i] > 1);
        if (smaller && larger) {
            throw n.unsupported("scales " + Arrays.toString(scales) + ", wanted them all at least 1 or all at most 1");
        }
        return resized(n, x, kind(n), Sampling.of(Coordinates.ASYMMETRIC, smaller ? Rounding.CEIL : Rounding.FLOOR), target);
    }

    private static Resize.Kind kind(OnnxNode n) {
        String mode = n.s("mode", "nearest");
        return switch (mode) {
            case "nearest" -> Resize.Kind.NEAREST;
            case "linear", "bilinear" -> Resize.Kind.BILINEAR;
            case "cubic" -> Resize.Kind.CUBIC;
            default -> throw new IllegalArgumentException("mode is " + mode + ", wanted nearest, linear or cubic");
        };
    }

    private static Coordinates coordinates(OnnxNode n, String name, Shape s, Target target) {
        return switch (name) {
            case "half_pixel" -> Coordinates.HALF_PIXEL;
            case "pytorch_half_pixel" -> Coordinates.HALF_PIXEL_PYTORCH;
            case "align_corners" -> Coordinates.ALIGN_CORNERS;
            case "asymmetric" -> Coordinates.ASYMMETRIC;
            case "tf_half_pixel_for_nn" -> Coordinates.HALF_PIXEL_NEAREST;
            case "tf_crop_and_resize" -> Coordinates.CROP;
            case "half_pixel_symmetric" -> {
                for (int i = 0; i < s.rank(); i++) {
                    if (target.scale[i] != 0 && target.scale[i] * s.dim(i) != target.size[i]) {
                        throw n.unsupported("half_pixel_symmetric with scale " + target.scale[i] + " of " + s.dim(i)
                                + ", wanted a whole number of pixels");
                    }
                }
                // It differs only where the scale was rounded.
                yield Coordinates.HALF_PIXEL;
            }
            default -> throw new IllegalArgumentException("coordinate_transformation_mode is " + name);
        };
    }

    private static boolean isGiven(OnnxNode n, int input) {
        return n.hasInput(input) && n.input(input).type().shape().elements() > 0;
    }

    private static Target target(OnnxNode n, Shape s, String coordinates) {
        long[] given = n.ints("axes");
        int[] axes = given.length == 0 ? IntStream.range(0, s.rank()).toArray()
                : OnnxArgs.axes(given, s.rank()).stream().mapToInt(Integer::intValue).toArray();
        if (isGiven(n, 2) == isGiven(n, 3)) {
            throw new IllegalArgumentException("has " + (isGiven(n, 2) ? "scales and sizes" : "neither scales nor sizes")
                    + ", wanted one of them");
        }
        float[] region = coordinates.equals("tf_crop_and_resize") ? region(n, s, axes) : new float[0];
        Target t = isGiven(n, 2) ? byScales(s, n.constantFloats(2, "scales"), axes) : bySizes(n, s, n.constantInts(3, "sizes"), axes);
        return new Target(t.size, t.scale, region);
    }

    private static float[] region(OnnxNode n, Shape s, int[] axes) {
        float[] roi = n.constantFloats(1, "region");
        if (roi.length != 2 * axes.length) {
            throw new IllegalArgumentException("region has " + roi.length + " numbers, wanted " + 2 * axes.length);
        }
        float[] region = new float[2 * s.rank()];
        Arrays.fill(region, s.rank(), region.length, 1);
        for (int i = 0; i < axes.length; i++) {
            region[axes[i]] = roi[i];
            region[s.rank() + axes[i]] = roi[axes.length + i];
        }
        return region;
    }

    private static Target byScales(Shape s, float[] scales, int[] axes) {
        if (scales.length != axes.length) {
            throw new IllegalArgumentException("has " + scales.length + " scales for " + axes.length + " dimensions");
        }
        int[] size = s.toArray();
        float[] scale = new float[s.rank()];
        for (int i = 0; i < axes.length; i++) {
            double out = Math.floor((double) s.dim(axes[i]) * scales[i]);
            if (!(scales[i] > 0 && out >= 1 && out <= Integer.MAX_VALUE)) {
                throw new IllegalArgumentException("scale " + scales[i] + " makes " + out + " of dimension " + axes[i] + " of " + s);
            }
            size[axes[i]] = (int) out;
            scale[axes[i]] = scales[i];
        }
        return new Target(size, scale, new float[0]);
    }

    private static Target bySizes(OnnxNode n, Shape s, long[] sizes, int[] axes) {
        if (sizes.length != axes.length || Arrays.stream(sizes).anyMatch(v -> v < 1 || v > Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("sizes are " + Arrays.toString(sizes) + ", wanted " + axes.length + " of 1…"
                    + Integer.MAX_VALUE);
        }
        String policy = n.s("keep_aspect_ratio_policy", "stretch");
        double[] ratios = IntStream.range(0, axes.length).mapToDouble(i -> sizes[i] / (double) s.dim(axes[i])).toArray();
        double common = switch (policy) {
            case "stretch" -> 0;
            case "not_larger" -> Arrays.stream(ratios).min().orElse(1);
            case "not_smaller" -> Arrays.stream(ratios).max().orElse(1);
            default -> throw new IllegalArgumentException("keep_aspect_ratio_policy is " + policy);
        };
        int[] size = s.toArray();
        float[] scale = new float[s.rank()];
        for (int i = 0; i < axes.length; i++) {
            double out = common == 0 ? sizes[i] : Math.floor(common * s.dim(axes[i]) + 0.5);
            if (!(out >= 1 && out <= Integer.MAX_VALUE)) {
                throw new IllegalArgumentException("sizes " + Arrays.toString(sizes) + " make " + out + " of dimension " + axes[i]
                        + " of " + s);
            }
            size[axes[i]] = (int) out;
            scale[axes[i]] = (float) common;
        }
        return new Target(size, scale, new float[0]);
    }

    private static Value resized(OnnxNode n, Value x, Resize.Kind kind, Sampling rule, Target t) {
        Shape s = x.type().shape();
        List<Integer> changed = new ArrayList<>();
        for (int i = 0; i < s.rank(); i++) {
            boolean cropped = t.region.length > 0 && (t.region[i] != 0 || t.region[s.rank() + i] != 1);
            if (t.size[i] != s.dim(i) || t.scale[i] != 0 && t.scale[i] != 1 || cropped) {
                changed.add(i);
            }
        }
        Value y = x;
        // The innermost two first, which are H and W; a single one is W.
        for (int end = changed.size(); end > 0; end -= 2) {
            int w = changed.get(end - 1);
            int h = end > 1 ? changed.get(end - 2) : -1;
            y = plane(n, y, kind, rule, t, h, w);
        }
        return y;
    }

    /** Resizes dimension w, and h unless it is −1. */
    private static Value plane(OnnxNode n, Value x, Resize.Kind kind, Sampling rule, Target t, int h, int w) {
        Shape s = x.type().shape();
        int rank = s.rank();
        Sampling scaled = rule.withScales(h < 0 ? 0 : t.scale[h], t.scale[w]);
        if (t.region.length > 0) {
            scaled = new Sampling(rule.coordinates(), rule.rounding(), 0, 0, rule.cubic(), rule.excludeOutside(),
                    List.of(h < 0 ? 0f : t.region[h], t.region[w], h < 0 ? 1f : t.region[rank + h], t.region[rank + w]), rule.outside());
        }
        Resize op = new Resize(kind, h < 0 ? 1 : t.size[h], t.size[w], scaled);
        if (rank == 4 && h == 2 && w == 3) {
            return n.nchw(n.emit(op, n.nhwc(x)));
        }
        if (rank == 4 && h == 1 && w == 2) {
            return n.emit(op, x);
        }
        if (rank == 3 && h < 0 && w == 2) {
            return OnnxConvOps.line(n, n.nchw(n.emit(op, n.nhwc(OnnxConvOps.plane(n, x)))), s);
        }
        // Any other pair: its dimensions go to the end, the others become the batch.
        int[] order = IntStream.concat(IntStream.range(0, rank).filter(i -> i != h && i != w), IntStream.of(h, w).filter(i -> i >= 0))
                .toArray();
        Value moved = n.transpose(x, order);
        int height = h < 0 ? 1 : s.dim(h);
        int rest = s.elements() / Math.max(height * s.dim(w), 1);
        Value y = n.emit(op, n.reshape(moved, rest, height, s.dim(w), 1));
        int[] dims = Arrays.stream(order).map(i -> i == h || i == w ? t.size[i] : s.dim(i)).toArray();
        int[] back = new int[rank];
        for (int i = 0; i < rank; i++) {
            back[order[i]] = i;
        }
        return n.transpose(n.reshape(y, dims), back);
    }
}
