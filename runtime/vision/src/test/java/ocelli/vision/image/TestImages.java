package ocelli.vision.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Makes image files for tests. */
final class TestImages {
    private TestImages() {
    }

    static BufferedImage gradient(int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, 255 * x / width << 16 | 255 * y / height << 8 | (x * 7 + y * 13) % 256);
            }
        }
        return image;
    }

    static byte[] png(BufferedImage image, boolean interlaced) {
        return write("PNG", new IIOImage(image, null, null), interlaced);
    }

    static byte[] jpeg(BufferedImage image, boolean progressive) {
        return write("JPEG", new IIOImage(image, null, null), progressive);
    }

    static byte[] write(String format, IIOImage image, boolean progressive) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        var bytes = new ByteArrayOutputStream();
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            if (progressive) {
                param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            }
            if (format.equals("JPEG")) {
                param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                param.setCompressionQuality(0.95f);
            }
            writer.setOutput(out);
            writer.write(null, image, param);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** A TIFF structure whose only entry is the orientation. */
    static byte[] exif(int orientation, boolean little) {
        ByteBuffer b = ByteBuffer.allocate(26).order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        b.put((byte) (little ? 'I' : 'M')).put((byte) (little ? 'I' : 'M')).putShort((short) 42).putInt(8);
        b.putShort((short) 1).putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation).putShort((short) 0);
        b.putInt(0);
        return b.array();
    }

    /** A JPEG with an APP1 segment of EXIF data right after its start. */
    static byte[] withExif(byte[] jpeg, byte[] tiff) {
        ByteBuffer b = ByteBuffer.allocate(jpeg.length + tiff.length + 10);
        b.put(jpeg, 0, 2).putShort((short) 0xffe1).putShort((short) (tiff.length + 8));
        b.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(tiff).put(jpeg, 2, jpeg.length - 2);
        return b.array();
    }

    /** A PNG with its first chunk replaced, or another chunk put behind it. */
    static byte[] withChunk(byte[] png, String type, byte[] data, boolean replaceFirst) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        int after = 33;
        byte[] head = Arrays.copyOf(png, replaceFirst ? 8 : after);
        ByteBuffer b = ByteBuffer.allocate(head.length + data.length + 12 + png.length - after);
        b.put(head).putInt(data.length).put(name).put(data).putInt((int) crc.getValue()).put(png, after, png.length - after);
        return b.array();
    }
}
