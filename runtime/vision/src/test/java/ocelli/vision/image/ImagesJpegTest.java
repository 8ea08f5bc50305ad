package ocelli.vision.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImagesJpegTest {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void colour(boolean progressive) {
        var image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 48; i++) {
            image.setRGB(i % 64, i / 64, i % 64 < 32 ? 0xe01020 : 0x2030c0);
        }
        Frame frame = Images.decode("c.jpg", TestImages.jpeg(image, progressive), 10_000);
        assertClose(0xe01020, frame.get(8, 8));
        assertClose(0x2030c0, frame.get(56, 40));
    }

    @Test
    void greyIsNotBrightened() {
        var image = new BufferedImage(32, 32, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 1024; i++) {
            image.getRaster().setSample(i % 32, i / 32, 0, i % 32 < 16 ? 40 : 130);
        }
        Frame frame = Images.decode("g.jpg", TestImages.jpeg(image, false), 10_000);
        assertClose(0x282828, frame.get(4, 4));
        assertClose(0x828282, frame.get(28, 28));
    }

    private static void assertClose(int wanted, int found) {
        for (int shift = 0; shift < 24; shift += 8) {
            assertEquals(wanted >> shift & 0xff, found >> shift & 0xff, 6, Integer.toHexString(found));
        }
    }

    @Test
    void cmykIsRefusedByName() {
        var raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
        byte[] file = TestImages.write("JPEG", new IIOImage(raster, null, null), false);
        ImageFormatException e = assertThrows(ImageFormatException.class, () -> Images.decode("k.jpg", file, 10_000));
        assertEquals("k.jpg: found a JPEG of 4 components (CMYK), wanted 1 (grey) or 3 (colour)", e.getMessage());
    }

    /** EXIF says which visual side the stored first row and first column are; this maps stored pixels by those words. */
    private static Frame upright(Frame stored, int orientation) {
        String rowIs = new String[] {"top", "top", "bottom", "bottom", "left", "right", "right", "left"}[orientation - 1];
        String columnIs = new String[] {"left", "right", "right", "left", "top", "top", "bottom", "bottom"}[orientation - 1];
        boolean swapped = rowIs.equals("left") || rowIs.equals("right");
        Frame out = swapped ? new Frame(stored.height(), stored.width()) : new Frame(stored.width(), stored.height());
        for (int y = 0; y < stored.height(); y++) {
            for (int x = 0; x < stored.width(); x++) {
                int vx = along(swapped ? rowIs : columnIs, "left", swapped ? y : x, out.width());
                int vy = along(swapped ? columnIs : rowIs, "top", swapped ? x : y, out.height());
                out.set(vx, vy, stored.get(x, y));
            }
        }
        return out;
    }

    private static int along(String startsAt, String low, int i, int size) {
        return startsAt.equals(low) ? i : size - 1 - i;
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4", "5", "6", "7", "8"})
    void orientationOfJpegAndPng(int orientation) {
        byte[] jpeg = TestImages.jpeg(TestImages.gradient(24, 17), false);
        byte[] png = TestImages.png(TestImages.gradient(24, 17), false);
        for (boolean little : new boolean[] {false, true}) {
            byte[] tiff = TestImages.exif(orientation, little);
            Frame plain = Images.decode("p.jpg", jpeg, 10_000);
            Frame turned = Images.decode("t.jpg", TestImages.withExif(jpeg, tiff), 10_000);
            assertSame(upright(plain, orientation), turned);
            Frame fromPng = Images.decode("t.png", TestImages.withChunk(png, "eXIf", tiff, false), 10_000);
            assertSame(upright(Images.decode("p.png", png, 10_000), orientation), fromPng);
        }
    }

    private static void assertSame(Frame wanted, Frame found) {
        assertEquals(wanted.width(), found.width());
        assertEquals(wanted.height(), found.height());
        assertArrayEquals(wanted.rgb(), found.rgb());
    }

    @Test
    void brokenExifReadsAsUpright() {
        byte[] jpeg = TestImages.jpeg(TestImages.gradient(24, 17), false);
        Random random = new Random(11);
        for (int i = 0; i < 500; i++) {
            byte[] tiff = TestImages.exif(6, random.nextBoolean());
            for (int k = 0; k < 3; k++) {
                tiff[random.nextInt(tiff.length)] = (byte) random.nextInt();
            }
            Frame frame = Images.decode("b.jpg", TestImages.withExif(jpeg, Arrays.copyOf(tiff, random.nextInt(tiff.length + 1))), 10_000);
            assertEquals(24 * 17, frame.width() * frame.height());
        }
        assertEquals(24, Images.decode("b.jpg", TestImages.withExif(jpeg, TestImages.exif(9, true)), 10_000).width());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyTruncationIsFound(boolean progressive) {
        byte[] file = TestImages.jpeg(TestImages.gradient(40, 30), progressive);
        for (int length = 0; length < file.length; length++) {
            byte[] part = Arrays.copyOf(file, length);
            ImageFormatException e = assertThrows(ImageFormatException.class, () -> Images.decode("cut.jpg", part, 10_000),
                    "length " + length + " of " + file.length);
            assertTrue(e.getMessage().startsWith("cut.jpg: "), e.getMessage());
        }
    }

    @Test
    void mutatedFilesGiveAPictureOrTheTypedError() {
        byte[][] files = {TestImages.jpeg(TestImages.gradient(40, 30), false), TestImages.jpeg(TestImages.gradient(40, 30), true),
            TestImages.withExif(TestImages.jpeg(TestImages.gradient(24, 17), false), TestImages.exif(6, true)),
            TestImages.png(TestImages.gradient(40, 30), true)};
        long seed = 20261124;
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 4000; i++) {
            byte[] file = files[i % files.length].clone();
            int changes = 1 + random.nextInt(4);
            for (int k = 0; k < changes; k++) {
                // Headers are where the surprises live.
                int limit = random.nextBoolean() ? Math.min(700, file.length) : file.length;
                file[random.nextInt(limit)] = (byte) random.nextInt();
            }
            try {
                Frame frame = Images.decode("m", file, 100_000);
                assertTrue((long) frame.width() * frame.height() <= 100_000);
            } catch (ImageFormatException e) {
                refused++;
            }
        }
        assertTrue(refused > 1000, "seed " + seed + ": refused only " + refused);
    }

    @Test
    void tooManyPixelsAreRefusedBeforeDecoding() {
        byte[] file = TestImages.jpeg(TestImages.gradient(40, 30), false);
        for (int i = 2; i < file.length; i++) {
            if ((file[i] & 0xff) == 0xff && (file[i + 1] & 0xff) == 0xc0) {
                Arrays.fill(file, i + 5, i + 9, (byte) 0xff);
                break;
            }
        }
        ImageFormatException e = assertThrows(ImageFormatException.class, () -> Images.decode("bomb.jpg", file, Images.MAX_PIXELS));
        assertEquals("bomb.jpg: found 65535x65535 = 4294836225 pixels, wanted at most 100000000", e.getMessage());
    }
}
