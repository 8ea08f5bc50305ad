package ocelli.vision.image;

import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;

/**
 * Decoded samples to 8-bit RGB. It reads the samples themselves: AWT's own conversion would push grey pictures through a
 * linear-light grey profile and so brighten them.
 */
final class PixelCopy {
    private PixelCopy() {
    }

    /** A palette picture, also grey of 1, 2 and 4 bits, which ImageIO delivers as a palette. */
    static Frame indexed(Raster raster, IndexColorModel palette) {
        int[] colors = new int[palette.getMapSize()];
        for (int i = 0; i < colors.length; i++) {
            int argb = palette.getRGB(i);
            int alpha = argb >>> 24;
            colors[i] = onWhite(argb >> 16 & 0xff, alpha, 255) << 16 | onWhite(argb >> 8 & 0xff, alpha, 255) << 8
                    | onWhite(argb & 0xff, alpha, 255);
        }
        Frame frame = new Frame(raster.getWidth(), raster.getHeight());
        int[] row = new int[raster.getWidth()];
        for (int y = 0; y < frame.height(); y++) {
            raster.getSamples(0, y, row.length, 1, 0, row);
            for (int x = 0; x < row.length; x++) {
                frame.set(x, y, row[x] < colors.length ? colors[row[x]] : 0);
            }
        }
        return frame;
    }

    /**
     * A picture of 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGB, alpha) samples of up to 16 bits.
     *
     * @throws ImageFormatException for any other number of samples
     */
    static Frame direct(String path, Raster raster, boolean hasAlpha) {
        int bands = raster.getNumBands();
        int colors = hasAlpha ? bands - 1 : bands;
        if (colors != 1 && colors != 3) {
            throw new ImageFormatException(path, "found " + colors + " colour channels, wanted 1 (grey) or 3 (RGB)");
        }
        Frame frame = new Frame(raster.getWidth(), raster.getHeight());
        if (bands == 3 && raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && raster.getDataBuffer() instanceof DataBufferByte buffer && model.getPixelStride() == 3
                && model.getScanlineStride() == 3 * frame.width() && buffer.getSize() == frame.rgb().length) {
            copyBytes(buffer.getData(), model.getBandOffsets(), frame.rgb());
        } else {
            copySamples(raster, bands, colors, hasAlpha, frame);
        }
        return frame;
    }

    private static void copyBytes(byte[] from, int[] offsets, byte[] to) {
        int r = offsets[0];
        int g = offsets[1];
        int b = offsets[2];
        for (int i = 0; i < to.length; i += 3) {
            to[i] = from[i + r];
            to[i + 1] = from[i + g];
            to[i + 2] = from[i + b];
        }
    }

    private static void copySamples(Raster raster, int bands, int colors, boolean hasAlpha, Frame frame) {
        int max = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
        int width = frame.width();
        int[] row = new int[width * bands];
        byte[] out = frame.rgb();
        for (int y = 0, o = 0; y < frame.height(); y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int i = 0; i < row.length; i += bands, o += 3) {
                int alpha = hasAlpha ? row[i + colors] : max;
                for (int c = 0; c < 3; c++) {
                    out[o + c] = (byte) onWhite(row[colors == 1 ? i : i + c], alpha, max);
                }
            }
        }
    }

    /** {@code sample·alpha + white·(1 − alpha)} for samples 0…max, rounded to 0…255. */
    private static int onWhite(int sample, int alpha, int max) {
        long full = (long) max * max;
        long blended = (long) sample * alpha + (long) max * (max - alpha);
        return (int) ((blended * 255 * 2 + full) / (full * 2));
    }
}
