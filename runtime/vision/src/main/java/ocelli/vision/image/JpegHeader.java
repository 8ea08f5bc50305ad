package ocelli.vision.image;

/** Walks the marker segments of a JPEG file up to the frame header (ITU-T T.81, annex B). */
final class JpegHeader {
    private JpegHeader() {
    }

    static boolean recognises(Bytes bytes) {
        return bytes.startsWith(0, 0xff, 0xd8, 0xff);
    }

    /** @throws ImageFormatException when the segments are broken or the file ends before the frame header */
    static ImageHeader read(Bytes bytes) {
        int orientation = 1;
        int at = 2;
        while (true) {
            if (bytes.u8(at, "JPEG marker") != 0xff) {
                throw new ImageFormatException(bytes.path(), "corrupt JPEG: found byte 0x"
                        + Integer.toHexString(bytes.u8(at, "JPEG marker")) + " at offset " + at + ", wanted a marker (0xff)");
            }
            int marker = bytes.u8(at + 1, "JPEG marker");
            if (marker == 0xff) {
                at++;
                continue;
            }
            if (marker == 0x01 || marker >= 0xd0 && marker <= 0xd7) {
                at += 2;
                continue;
            }
            if (marker == 0xd9 || marker == 0xda) {
                throw new ImageFormatException(bytes.path(), "corrupt JPEG: found the "
                        + (marker == 0xd9 ? "end of the image" : "scan") + " at offset " + at + ", wanted a frame header before it");
            }
            int length = bytes.u16(at + 2, false, "JPEG segment");
            if (length < 2) {
                throw new ImageFormatException(bytes.path(), "corrupt JPEG: segment at offset " + at + " has length " + length
                        + ", wanted at least 2");
            }
            bytes.need(at + 2, length, "JPEG segment");
            if (isFrameHeader(marker)) {
                int height = bytes.u16(at + 5, false, "JPEG frame header");
                int width = bytes.u16(at + 7, false, "JPEG frame header");
                return new ImageHeader("JPEG", width, height, bytes.u8(at + 9, "JPEG frame header"), orientation);
            }
            if (marker == 0xe1 && orientation == 1 && bytes.startsWith(at + 4, 'E', 'x', 'i', 'f', 0, 0)) {
                orientation = Exif.orientation(bytes, at + 10, at + 2 + length);
            }
            at += 2 + length;
        }
    }

    /** SOF0…SOF15 without the three numbers that mean something else (DHT, JPG, DAC). */
    private static boolean isFrameHeader(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }
}
