package ocelli.vision.image;

/**
 * An 8-bit RGB image of fixed size whose pixels may be overwritten: one frame can serve a whole video without allocation.
 * Interleaved, row by row, no padding: pixel (x,y) is at {@code 3·(y·width + x)}. Not synchronised: whoever writes the
 * pixels must not do so while another thread reads them.
 */
public final class Frame {
    private final int width;
    private final int height;
    private final byte[] rgb;

    /**
     * A black frame.
     *
     * @throws IllegalArgumentException when a side is below 1 or the pixels do not fit one array
     */
    public Frame(int width, int height) {
        this(width, height, new byte[bytes(width, height)]);
    }

    private Frame(int width, int height, byte[] rgb) {
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /**
     * A frame over an existing array, which is not copied.
     *
     * @throws IllegalArgumentException when the array does not have exactly {@code 3·width·height} bytes
     */
    public static Frame of(int width, int height, byte[] rgb) {
        int wanted = bytes(width, height);
        if (rgb.length != wanted) {
            throw new IllegalArgumentException("frame " + width + "x" + height + " wants " + wanted + " bytes, found " + rgb.length);
        }
        return new Frame(width, height, rgb);
    }

    private static int bytes(int width, int height) {
        long n = 3L * width * height;
        if (width < 1 || height < 1 || n > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("frame of " + width + "x" + height + " pixels, wanted at least 1x1 and at most "
                    + (Integer.MAX_VALUE - 8) / 3 + " pixels");
        }
        return (int) n;
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** The pixels themselves, not a copy. */
    public byte[] rgb() {
        return rgb;
    }

    /** Pixel as {@code 0xRRGGBB}. */
    public int get(int x, int y) {
        int i = 3 * (y * width + x);
        return (rgb[i] & 0xff) << 16 | (rgb[i + 1] & 0xff) << 8 | rgb[i + 2] & 0xff;
    }

    /** Sets a pixel to {@code 0xRRGGBB}. */
    public void set(int x, int y, int color) {
        int i = 3 * (y * width + x);
        rgb[i] = (byte) (color >> 16);
        rgb[i + 1] = (byte) (color >> 8);
        rgb[i + 2] = (byte) color;
    }

    /** A second frame with the same pixels. */
    public Frame copy() {
        return new Frame(width, height, rgb.clone());
    }
}
