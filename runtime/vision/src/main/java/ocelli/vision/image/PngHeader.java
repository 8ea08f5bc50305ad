package ocelli.vision.image;

import java.util.zip.CRC32;

/**
 * Walks the chunks of a PNG file to its end and checks every checksum (PNG specification, W3C, third edition).
 * Decoders forgive missing ends and give half a picture; here a truncated file is found before it is decoded.
 */
final class PngHeader {
    private static final int IHDR = 0x49484452;
    private static final int EXIF = 0x65584966;
    private static final int IEND = 0x49454e44;

    private PngHeader() {
    }

    static boolean recognises(Bytes bytes) {
        return bytes.startsWith(0, 0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a);
    }

    /** @throws ImageFormatException when a chunk is broken or the file ends before the last chunk */
    static ImageHeader read(Bytes bytes) {
        int orientation = 1;
        long width = 0;
        long height = 0;
        long at = 8;
        CRC32 crc = new CRC32();
        while (true) {
            long length = bytes.u32(at, false, "PNG chunk");
            int type = (int) bytes.u32(at + 4, false, "PNG chunk");
            bytes.need(at + 8, length + 4, "PNG chunk " + name(type));
            crc.reset();
            crc.update(bytes.data(), (int) at + 4, (int) length + 4);
            long stored = bytes.u32(at + 8 + length, false, "PNG checksum");
            if (crc.getValue() != stored) {
                throw new ImageFormatException(bytes.path(), "corrupt PNG: chunk " + name(type) + " at offset " + at
                        + " has checksum " + Long.toHexString(stored) + ", wanted " + Long.toHexString(crc.getValue()));
            }
            if (at == 8) {
                if (type != IHDR || length != 13) {
                    throw new ImageFormatException(bytes.path(), "corrupt PNG: found chunk " + name(type) + " of " + length
                            + " bytes first, wanted IHDR of 13");
                }
                width = bytes.u32(16, false, "PNG width");
                height = bytes.u32(20, false, "PNG height");
            } else if (type == EXIF) {
                orientation = Exif.orientation(bytes, (int) at + 8, (int) (at + 8 + length));
            } else if (type == IEND) {
                return new ImageHeader("PNG", (int) Math.min(width, Integer.MAX_VALUE),
                        (int) Math.min(height, Integer.MAX_VALUE), 0, orientation);
            }
            at += 12 + length;
        }
    }

    private static String name(int type) {
        StringBuilder s = new StringBuilder(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            int c = type >> shift & 0xff;
            s.append(c > 0x20 && c < 0x7f ? (char) c : '?');
        }
        return s.toString();
    }
}
