package ocelli.vision.draw;

/** Colours that tell neighbouring classes apart. */
final class Palette {
    /** Steps of this part of the colour circle never come back to where they were and spread evenly. */
    private static final double GOLDEN = 0.6180339887498949;

    private Palette() {
    }

    /** A bright colour {@code 0xRRGGBB}, the same for a class always. */
    static int color(int classIndex) {
        double hue = (0.33 + classIndex * GOLDEN) % 1.0 * 6;
        return channel(hue, 5) << 16 | channel(hue, 3) << 8 | channel(hue, 1);
    }

    /** Channel of the colour of a hue 0…6 with saturation 0.85 and value 1. */
    private static int channel(double hue, int n) {
        double k = (n + hue) % 6;
        return (int) Math.round(255 * (1 - 0.85 * Math.clamp(Math.min(k, 4 - k), 0.0, 1.0)));
    }

    /** Black or white, whichever reads better on a colour (luma of BT.601). */
    static int inkOn(int color) {
        int luma = 299 * (color >> 16 & 0xff) + 587 * (color >> 8 & 0xff) + 114 * (color & 0xff);
        return luma > 128_000 ? 0x000000 : 0xffffff;
    }
}
