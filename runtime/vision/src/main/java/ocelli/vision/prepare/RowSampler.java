package ocelli.vision.prepare;

import ocelli.vision.image.Frame;

/**
 * Scales one row of a photo at a time. The tables of a placement are computed when the placement changes, in arrays of
 * the input's width, so that a stream of frames allocates nothing.
 */
final class RowSampler {
    private final Interpolation interpolation;
    private final int[] left;
    private final int[] right;
    private final float[] weight;
    private Placement placement;

    RowSampler(Interpolation interpolation, int inputWidth) {
        this.interpolation = interpolation;
        left = new int[inputWidth];
        right = new int[inputWidth];
        weight = new float[inputWidth];
    }

    void use(Placement p) {
        if (p.equals(placement)) {
            return;
        }
        for (int x = 0; x < p.dstWidth(); x++) {
            if (interpolation == Interpolation.NEAREST) {
                left[x] = 3 * nearest(x, p.srcX(), p.srcWidth(), p.dstWidth());
            } else {
                float at = position(x, p.srcX(), p.srcWidth(), p.dstWidth());
                int first = (int) at;
                left[x] = 3 * first;
                right[x] = 3 * Math.min(first + 1, p.srcX() + p.srcWidth() - 1);
                weight[x] = at - first;
            }
        }
        placement = p;
    }

    /** Row {@code y} of the target rectangle as red, green, blue 0…255, from {@code row[offset]}. */
    void row(Frame frame, int y, float[] row, int offset) {
        Placement p = placement;
        if (interpolation == Interpolation.NEAREST) {
            nearestRow(frame.rgb(), 3 * frame.width() * nearest(y, p.srcY(), p.srcHeight(), p.dstHeight()), row, offset);
            return;
        }
        float at = position(y, p.srcY(), p.srcHeight(), p.dstHeight());
        int first = (int) at;
        int second = Math.min(first + 1, p.srcY() + p.srcHeight() - 1);
        int stride = 3 * frame.width();
        bilinearRow(frame.rgb(), first * stride, second * stride, at - first, row, offset);
    }

    private void nearestRow(byte[] rgb, int start, float[] row, int offset) {
        for (int x = 0, o = offset; x < placement.dstWidth(); x++, o += 3) {
            int i = start + left[x];
            row[o] = rgb[i] & 0xff;
            row[o + 1] = rgb[i + 1] & 0xff;
            row[o + 2] = rgb[i + 2] & 0xff;
        }
    }

    private void bilinearRow(byte[] rgb, int top, int bottom, float down, float[] row, int offset) {
        for (int x = 0, o = offset; x < placement.dstWidth(); x++, o += 3) {
            int l = left[x];
            int r = right[x];
            float across = weight[x];
            for (int c = 0; c < 3; c++) {
                float a = rgb[top + l + c] & 0xff;
                float b = rgb[top + r + c] & 0xff;
                float d = rgb[bottom + l + c] & 0xff;
                float e = rgb[bottom + r + c] & 0xff;
                float above = a + (b - a) * across;
                float below = d + (e - d) * across;
                row[o + c] = above + (below - above) * down;
            }
        }
    }

    private static int nearest(int i, int from, int source, int target) {
        // (i + 0.5)·source/target in whole numbers: no rounding can move it across a pixel's edge.
        return from + (int) ((2L * i + 1) * source / (2L * target));
    }

    private static float position(int i, int from, int source, int target) {
        double at = (i + 0.5) * source / target - 0.5;
        return (float) (from + Math.clamp(at, 0.0, source - 1.0));
    }
}
