package ocelli.vision.decode;

import java.util.Arrays;
import java.util.List;

/**
 * Rules by which the anchors (default boxes) of an SSD head are generated, as MediaPipe's SsdAnchorsCalculator defines
 * them: scales run linearly from {@code minScale} at the first layer to {@code maxScale} at the last, each cell has one
 * box per aspect ratio and one more of the scale between this layer and the next, and neighbouring layers of the same
 * stride share their cells.
 *
 * @param inputWidth         width of the model's input
 * @param inputHeight        height of the model's input
 * @param strides            one per layer
 * @param aspectRatios       width to height
 * @param interpolatedAspect aspect of the additional box of the scale in between; 0 for none
 * @param reduceLowestLayer  the first layer has only three boxes: a small square of scale 0.1, and aspects 2 and 0.5
 * @param fixedSize          every anchor is as large as the input, only its centre counts
 * @param offsetX            place of the centre inside of a cell, 0.5 for the middle
 * @param offsetY            place of the centre inside of a cell, 0.5 for the middle
 * @param mapWidths          cells per row of each layer; empty to derive them from the strides, rounding up
 * @param mapHeights         cells per column of each layer; empty to derive them from the strides, rounding up
 * @see <a href="https://arxiv.org/abs/1512.02325">SSD: Single Shot MultiBox Detector, section 2.2</a>
 */
public record SsdAnchors(int inputWidth, int inputHeight, float minScale, float maxScale, List<Integer> strides,
                         List<Float> aspectRatios, float interpolatedAspect, boolean reduceLowestLayer, boolean fixedSize,
                         float offsetX, float offsetY, List<Integer> mapWidths, List<Integer> mapHeights) {
    private static final float LOWEST_SCALE = 0.1f;
    private static final List<Float> LOWEST_ASPECTS = List.of(1f, 2f, 0.5f);

    /** @throws IllegalArgumentException when a size, stride or aspect is not positive, or the lists do not go together */
    public SsdAnchors {
        strides = List.copyOf(strides);
        aspectRatios = List.copyOf(aspectRatios);
        mapWidths = List.copyOf(mapWidths);
        mapHeights = List.copyOf(mapHeights);
        boolean maps = mapWidths.isEmpty() && mapHeights.isEmpty()
                || mapWidths.size() == strides.size() && mapHeights.size() == strides.size();
        if (inputWidth < 1 || inputHeight < 1 || strides.isEmpty() || strides.stream().anyMatch(s -> s < 1)
                || aspectRatios.stream().anyMatch(a -> !(a > 0)) || interpolatedAspect < 0 || !maps) {
            throw new IllegalArgumentException("anchors for " + inputWidth + "x" + inputHeight + " with strides " + strides
                    + ", aspects " + aspectRatios + " and " + interpolatedAspect + ", maps " + mapWidths + " x " + mapHeights
                    + ": wanted positive numbers and one map per stride or none");
        }
    }

    /** Square anchors of the size of the input, {@code boxesPerLayer} of 1 or 2 in each cell of each layer, as BlazeFace has. */
    static SsdAnchors fixed(int input, boolean two, Integer... strides) {
        return new SsdAnchors(input, input, 0.1484375f, 0.75f, List.of(strides), List.of(1f), two ? 1 : 0, false, true,
                0.5f, 0.5f, List.of(), List.of());
    }

    /**
     * Generates the anchors in the order of the model's rows.
     *
     * @return centre x, centre y, width, height of each, as parts of the input's sides
     */
    public float[] generate() {
        float[] out = new float[64];
        int n = 0;
        int layer = 0;
        while (layer < strides.size()) {
            int end = layer;
            while (end < strides.size() && strides.get(end).equals(strides.get(layer))) {
                end++;
            }
            float[] sizes = sizes(layer, end);
            int columns = cells(mapWidths, layer, inputWidth);
            int rows = cells(mapHeights, layer, inputHeight);
            out = Arrays.copyOf(out, Math.max(n, Math.addExact(n, Math.multiplyExact(Math.multiplyExact(columns, rows), 2 * sizes.length))));
            for (int y = 0; y < rows; y++) {
                for (int x = 0; x < columns; x++) {
                    for (int i = 0; i < sizes.length; i += 2) {
                        out[n++] = (x + offsetX) / columns;
                        out[n++] = (y + offsetY) / rows;
                        out[n++] = fixedSize ? 1 : sizes[i];
                        out[n++] = fixedSize ? 1 : sizes[i + 1];
                    }
                }
            }
            layer = end;
        }
        return Arrays.copyOf(out, n);
    }

    /** Width and height of each box of a cell of the layers {@code [from, to)}, which share one stride. */
    private float[] sizes(int from, int to) {
        float[] out = new float[2 * (to - from) * (Math.max(aspectRatios.size(), LOWEST_ASPECTS.size()) + 1)];
        int n = 0;
        for (int layer = from; layer < to; layer++) {
            float scale = scale(layer);
            if (layer == 0 && reduceLowestLayer) {
                for (int i = 0; i < LOWEST_ASPECTS.size(); i++) {
                    n = size(out, n, i == 0 ? LOWEST_SCALE : scale, LOWEST_ASPECTS.get(i));
                }
                continue;
            }
            for (float aspect : aspectRatios) {
                n = size(out, n, scale, aspect);
            }
            if (interpolatedAspect > 0) {
                float next = layer == strides.size() - 1 ? 1 : scale(layer + 1);
                n = size(out, n, (float) Math.sqrt(scale * next), interpolatedAspect);
            }
        }
        return Arrays.copyOf(out, n);
    }

    private static int size(float[] out, int n, float scale, float aspect) {
        float root = (float) Math.sqrt(aspect);
        out[n] = scale * root;
        out[n + 1] = scale / root;
        return n + 2;
    }

    private float scale(int layer) {
        return strides.size() == 1 ? (minScale + maxScale) / 2
                : minScale + (maxScale - minScale) * layer / (strides.size() - 1);
    }

    private int cells(List<Integer> maps, int layer, int input) {
        return maps.isEmpty() ? Math.ceilDiv(input, strides.get(layer)) : maps.get(layer);
    }
}
