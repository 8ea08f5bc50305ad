package ocelli.vision.image;

/**
 * The orientation of EXIF data: tag 0x0112 of the first directory of a TIFF structure (CIPA DC-008, TIFF 6.0).
 * EXIF is decoration: where it is broken the photo is still good, so every defect reads as "says nothing" (1).
 */
final class Exif {
    private static final int ORIENTATION = 0x0112;
    private static final int SHORT = 3;
    private static final int ENTRY_BYTES = 12;

    private Exif() {
    }

    /** Orientation 1…8 of the TIFF structure in {@code [from, to)}; 1 when absent or broken. */
    static int orientation(Bytes bytes, int from, int to) {
        boolean little = bytes.startsWith(from, 'I', 'I', 42, 0);
        if (to - from < 10 || !little && !bytes.startsWith(from, 'M', 'M', 0, 42)) {
            return 1;
        }
        long directory = from + bytes.u32(from + 4, little, "EXIF");
        if (directory < from + 8 || directory + 2 > to) {
            return 1;
        }
        int entries = bytes.u16(directory, little, "EXIF");
        for (int i = 0; i < entries; i++) {
            long entry = directory + 2 + (long) i * ENTRY_BYTES;
            if (entry + ENTRY_BYTES > to) {
                return 1;
            }
            if (bytes.u16(entry, little, "EXIF") == ORIENTATION) {
                boolean sound = bytes.u16(entry + 2, little, "EXIF") == SHORT && bytes.u32(entry + 4, little, "EXIF") == 1;
                int value = bytes.u16(entry + 8, little, "EXIF");
                return sound && value >= 1 && value <= 8 ? value : 1;
            }
        }
        return 1;
    }
}
