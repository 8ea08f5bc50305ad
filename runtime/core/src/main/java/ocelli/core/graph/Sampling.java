package ocelli.core.graph;

import java.util.List;

/**
 * How an output coordinate of a {@link Resize} finds its place in the input.
 *
 * @param coordinates    the map from output to input coordinates
 * @param rounding       how NEAREST rounds a place to a pixel
 * @param scaleH         output size over input size as the file says it, for the arithmetic of ONNX; or 0 for outH / inH in the
 *                       arithmetic of TensorFlow Lite, which may round a place between two pixels to the other
 * @param scaleW         likewise for W
 * @param cubic          the coefficient a of CUBIC, usually −0.75 or −0.5
 * @param excludeOutside CUBIC: taps outside the input get no weight and the others are scaled to sum 1; else the border repeats
 * @param crop           for CROP (top, left, bottom, right) of the region in 0 … 1, else empty
 * @param outside        for CROP the value of places outside the input
 * @see <a href="https://onnx.ai/onnx/operators/onnx__Resize.html">ONNX Resize</a>
 */
public record Sampling(Coordinates coordinates, Rounding rounding, float scaleH, float scaleW, float cubic, boolean excludeOutside,
                       List<Float> crop, float outside) {
    /** The maps; i is the output coordinate. */
    public enum Coordinates {
        /** i / scale. */
        ASYMMETRIC,
        /** (i + ½) / scale − ½. */
        HALF_PIXEL,
        /** As HALF_PIXEL, but 0 where the output has one pixel. */
        HALF_PIXEL_PYTORCH,
        /** (i + ½) / scale. */
        HALF_PIXEL_NEAREST,
        /** i · (in − 1) / (out − 1), with a given scale i · (in − 1) / (in · scale − 1); 0 where the output has one pixel. */
        ALIGN_CORNERS,
        /** Align corners over a region of the input (TensorFlow's crop-and-resize). */
        CROP
    }

    /** How NEAREST rounds. */
    public enum Rounding { FLOOR, CEIL, HALF_DOWN, HALF_UP }

    /** @throws IllegalArgumentException when a scale is negative or the region does not go with the coordinates */
    public Sampling {
        crop = List.copyOf(crop);
        if (!(scaleH >= 0 && scaleW >= 0) || crop.size() != (coordinates == Coordinates.CROP ? 4 : 0)) {
            throw new IllegalArgumentException("Resize with scales " + scaleH + ", " + scaleW + ", " + coordinates + " and region " + crop
                    + ": wanted scales of at least 0, and a region of 4 numbers for CROP only");
        }
    }

    /** A rule without cubic filter and region, the scales taken from the sizes. */
    public static Sampling of(Coordinates coordinates, Rounding rounding) {
        return new Sampling(coordinates, rounding, 0, 0, -0.75f, false, List.of(), 0);
    }

    static Sampling tflite(Resize.Kind kind, boolean alignCorners, boolean halfPixelCenters) {
        if (alignCorners && halfPixelCenters) {
            throw new IllegalArgumentException("Resize with alignCorners and halfPixelCenters, wanted at most one of the rules");
        }
        boolean nearest = kind == Resize.Kind.NEAREST;
        return of(alignCorners ? Coordinates.ALIGN_CORNERS : !halfPixelCenters ? Coordinates.ASYMMETRIC
                : nearest ? Coordinates.HALF_PIXEL_NEAREST : Coordinates.HALF_PIXEL, alignCorners ? Rounding.HALF_UP : Rounding.FLOOR);
    }

    public Sampling withScales(float h, float w) {
        return new Sampling(coordinates, rounding, h, w, cubic, excludeOutside, crop, outside);
    }

    /** True when pixel centres are mapped by the sizes alone: no scale of its own, no region, nothing left out. */
    public boolean isPlain() {
        return scaleH == 0 && scaleW == 0 && crop.isEmpty() && !excludeOutside;
    }

    /**
     * Where output pixel {@code i} lies in the input, in pixels from the centre of the first.
     *
     * @param vertical whether along H, else W
     */
    public float source(int i, int in, int out, boolean vertical) {
        float given = vertical ? scaleH : scaleW;
        // Dividing by a given scale and multiplying by a ratio of sizes round as the frameworks do that the files come from.
        float step = given == 0 ? in / (float) out : 1 / given;
        return switch (coordinates) {
            case ASYMMETRIC -> given == 0 ? i * step : i / given;
            case HALF_PIXEL -> given == 0 ? (i + 0.5f) * step - 0.5f : (i + 0.5f) / given - 0.5f;
            case HALF_PIXEL_PYTORCH -> out == 1 ? 0 : given == 0 ? (i + 0.5f) * step - 0.5f : (i + 0.5f) / given - 0.5f;
            case HALF_PIXEL_NEAREST -> given == 0 ? (i + 0.5f) * step : (i + 0.5f) / given;
            case ALIGN_CORNERS -> out == 1 ? 0 : given == 0 ? i * ((in - 1) / (float) (out - 1))
                    : (float) i * (in - 1) / (length(given, in, out) - 1);
            case CROP -> {
                float from = crop.get(vertical ? 0 : 1);
                float to = crop.get(vertical ? 2 : 3);
                yield out > 1 ? from * (in - 1) + i * (to - from) * (in - 1) / (out - 1) : 0.5f * (from + to) * (in - 1);
            }
        };
    }

    /** The size of the output before it was rounded down; aligned corners keep the part of a pixel, as ONNX's definition does. */
    private static float length(float scale, int in, int out) {
        float length = scale * in;
        return Math.abs(length - out) < 1e-4f * out ? out : length;
    }

    /** The input pixel that NEAREST takes for output pixel {@code i}. */
    public int nearest(int i, int in, int out, boolean vertical) {
        float at = source(i, in, out, vertical);
        int pixel = (int) switch (rounding) {
            case FLOOR -> Math.floor(at);
            case CEIL -> Math.ceil(at);
            // In float64, for the float32 sum of ½ and the number below it is 1.
            case HALF_DOWN -> Math.ceil(at - 0.5);
            case HALF_UP -> Math.floor(at + 0.5);
        };
        return Math.clamp(pixel, 0, in - 1);
    }

    /** True when output pixel {@code i} shows {@link #outside} because CROP places it beyond the centres of the border pixels. */
    public boolean isOutside(int i, int in, int out, boolean vertical) {
        float at = source(i, in, out, vertical);
        return coordinates == Coordinates.CROP && !(at >= 0 && at <= in - 1);
    }
}
