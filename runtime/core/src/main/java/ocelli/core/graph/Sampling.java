package ocelli.core.graph;

import java.util.List;

/**
 * How an output coordinate of a {@link Resize} finds its place in the input.
 *
 * @param coordinates    the map from output to input coordinates
 * @param rounding       how NEAREST rounds a place to a pixel
 * @param scaleH         output size over input size as the file says it, or 0 for outH / inH
 * @param scaleW         likewise for W
 * @param cubic          the coefficient a of CUBIC, usually −0.75 or −0.5
 * @param excludeOutside taps outside the input get no weight and the others are scaled to sum 1; else the border repeats
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
        /** i · (in − 1) / (out − 1). */
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
            // As TensorFlow Lite: with one output pixel the corners are not aligned.
            case ALIGN_CORNERS -> out > 1 ? i * ((in - 1) / (float) (out - 1)) : i * step;
            case CROP -> {
                float from = crop.get(vertical ? 0 : 1);
                float to = crop.get(vertical ? 2 : 3);
                yield out > 1 ? from * (in - 1) + i * (to - from) * (in - 1) / (out - 1) : 0.5f * (from + to) * (in - 1);
            }
        };
    }

    /** The input pixel that NEAREST takes for output pixel {@code i}. */
    public int nearest(int i, int in, int out, boolean vertical) {
        float at = source(i, in, out, vertical);
        int pixel = (int) switch (rounding) {
            case FLOOR -> Math.floor(at);
            case CEIL -> Math.ceil(at);
            case HALF_DOWN -> Math.ceil(at - 0.5f);
            case HALF_UP -> Math.floor(at + 0.5f);
        };
        return Math.clamp(pixel, 0, in - 1);
    }
}
