package ocelli.vision.image;

import java.awt.Transparency;
import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * JPEG and PNG files to {@link Frame}s and back. Needs no display and no fonts. Colour profiles are ignored, as vision
 * models are trained that way; grey becomes three equal channels, transparency is put on white, 16 bits are rounded to 8,
 * the EXIF orientation is applied.
 */
public final class Images {
    /** Pixels above which a file is refused before it is decoded, unless the caller says otherwise: 100 million. */
    public static final long MAX_PIXELS = 100_000_000;

    private static final long MAX_FILE_BYTES = 1L << 29;
    /** The decoder's picture, the frame, and the frame turned upright, 3 bytes a pixel each. */
    private static final long BYTES_PER_PIXEL = 9;

    private Images() {
    }

    /**
     * Reads a file of at most {@link #MAX_PIXELS} pixels, or fewer where the heap could not hold them.
     *
     * @throws ImageFormatException when the file is not a JPEG or PNG, is corrupt, truncated, CMYK or too large
     * @throws IOException          when the file cannot be read
     */
    public static Frame read(Path path) throws IOException {
        return read(path, Math.min(MAX_PIXELS, Runtime.getRuntime().maxMemory() / BYTES_PER_PIXEL));
    }

    /**
     * As {@link #read(Path)} with another limit of pixels.
     *
     * @throws ImageFormatException when the file is not a JPEG or PNG, is corrupt, truncated, CMYK or too large
     * @throws IOException          when the file cannot be read
     */
    public static Frame read(Path path, long maxPixels) throws IOException {
        if (Files.isDirectory(path)) {
            throw new ImageFormatException(path.toString(), "found a folder, wanted a JPEG or PNG file");
        }
        long size = Files.size(path);
        if (size > MAX_FILE_BYTES) {
            throw new ImageFormatException(path.toString(), "found " + size + " bytes, wanted at most " + MAX_FILE_BYTES);
        }
        return decode(path.toString(), Files.readAllBytes(path), maxPixels);
    }

    /**
     * Decodes a file that is already in memory.
     *
     * @param name stands for the file in messages
     * @throws ImageFormatException as {@link #read(Path)}
     */
    public static Frame decode(String name, byte[] file, long maxPixels) {
        ImageHeader header = header(new Bytes(name, file));
        if (header.width() < 1 || header.height() < 1) {
            throw new ImageFormatException(name, "corrupt " + header.format() + ": found " + header.width() + "x" + header.height()
                    + " pixels, wanted at least 1x1");
        }
        long pixels = (long) header.width() * header.height();
        if (pixels > maxPixels) {
            throw new ImageFormatException(name, "found " + header.width() + "x" + header.height() + " = " + pixels
                    + " pixels, wanted at most " + maxPixels);
        }
        if (header.format().equals("JPEG") && header.components() != 1 && header.components() != 3) {
            throw new ImageFormatException(name, "found a JPEG of " + header.components() + " components"
                    + (header.components() == 4 ? " (CMYK)" : "") + ", wanted 1 (grey) or 3 (colour)");
        }
        BufferedImage image = decode(name, file, header);
        Frame frame = image.getColorModel() instanceof IndexColorModel palette
                ? PixelCopy.indexed(image.getRaster(), palette)
                : PixelCopy.direct(name, image.getRaster(), image.getColorModel().hasAlpha());
        return Orientation.apply(frame, header.orientation());
    }

    private static ImageHeader header(Bytes bytes) {
        if (JpegHeader.recognises(bytes)) {
            return JpegHeader.read(bytes);
        }
        if (PngHeader.recognises(bytes)) {
            return PngHeader.read(bytes);
        }
        StringBuilder start = new StringBuilder();
        for (int i = 0; i < Math.min(8, bytes.length()); i++) {
            start.append(String.format(Locale.ROOT, i == 0 ? "%02x" : " %02x", bytes.u8(i, "start")));
        }
        throw new ImageFormatException(bytes.path(), bytes.length() == 0 ? "found an empty file, wanted a JPEG or PNG"
                : "found a file that begins with " + start + ", wanted a JPEG (ff d8 ff) or PNG (89 50 4e 47)");
    }

    private static BufferedImage decode(String name, byte[] file, ImageHeader header) {
        ImageReader reader = ImageIO.getImageReadersByFormatName(header.format()).next();
        List<String> warnings = new ArrayList<>();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in, true, true);
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            BufferedImage image = reader.read(0);
            for (String warning : warnings) {
                if (losesPixels(warning)) {
                    throw new ImageFormatException(name, "corrupt " + header.format() + ": " + warning);
                }
            }
            if (image.getWidth() != header.width() || image.getHeight() != header.height()) {
                throw new ImageFormatException(name, "corrupt " + header.format() + ": decoded " + image.getWidth() + "x"
                        + image.getHeight() + " pixels, the header says " + header.width() + "x" + header.height());
            }
            return image;
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException | CMMException e) {
            // The JDK wraps what corrupt data does to its readers (5 million mutated files gave nothing but IIOException),
            // but it promises that for neither pixels nor colour profiles.
            throw new ImageFormatException(name, "corrupt " + header.format() + ": " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }

    /** Warnings about profiles, density or stray bytes leave a good picture; these do not. */
    private static boolean losesPixels(String warning) {
        String w = warning.toLowerCase(Locale.ROOT);
        return w.contains("premature") || w.contains("truncated") || w.contains("missing eoi")
                || w.contains("corrupt") && !w.contains("extraneous");
    }

    /**
     * Writes an 8-bit RGB PNG. The file appears complete or not at all: a temporary file beside it is moved into place.
     *
     * @throws IOException when the folder does not exist or cannot be written; nothing is left behind then
     */
    public static void writePng(Frame frame, Path path) throws IOException {
        Path target = path.toAbsolutePath();
        // Not createTempFile, whose files only their owner may read.
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            encode(frame, temporary);
            try {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void encode(Frame frame, Path path) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("PNG").next();
        try (OutputStream file = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
             ImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
            writer.setOutput(out);
            writer.write(new IIOImage(view(frame), null, null));
        } finally {
            writer.dispose();
        }
    }

    /** An AWT image over the frame's own array. */
    private static BufferedImage view(Frame frame) {
        int width = frame.width();
        var model = new PixelInterleavedSampleModel(DataBuffer.TYPE_BYTE, width, frame.height(), 3, 3 * width, new int[] {0, 1, 2});
        WritableRaster raster = Raster.createWritableRaster(model, new DataBufferByte(frame.rgb(), frame.rgb().length), null);
        var colors = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE,
                DataBuffer.TYPE_BYTE);
        return new BufferedImage(colors, raster, false, null);
    }
}
