package ocelli.vision.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImagesPngTest {
    private static final int W = 13;
    private static final int H = 7;

    @TempDir
    Path folder;

    private static void assertPixels(Frame frame, IntBinaryOperator wanted) {
        assertEquals(W, frame.width());
        assertEquals(H, frame.height());
        for (int y = 0; y < H; y++) {
            for (int x = 0; x < W; x++) {
                assertEquals(Integer.toHexString(wanted.applyAsInt(x, y)), Integer.toHexString(frame.get(x, y)), "pixel " + x + "," + y);
            }
        }
    }

    private static int grey(int v) {
        return v << 16 | v << 8 | v;
    }

    @ParameterizedTest
    @CsvSource({"1, 8, false", "1, 16, false", "2, 8, false", "2, 16, false", "3, 8, false", "3, 16, false", "4, 8, false", "4, 16, false",
        "1, 8, true", "3, 8, true", "4, 16, true"})
    void everySampleFormat(int bands, int bits, boolean interlaced) {
        boolean alpha = bands % 2 == 0;
        var colors = new ComponentColorModel(ColorSpace.getInstance(bands < 3 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB), alpha, false,
                alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE, bits == 8 ? DataBuffer.TYPE_BYTE : DataBuffer.TYPE_USHORT);
        WritableRaster raster = colors.createCompatibleWritableRaster(W, H);
        Random random = new Random(7);
        int max = (1 << bits) - 1;
        for (int y = 0; y < H; y++) {
            for (int x = 0; x < W; x++) {
                for (int b = 0; b < bands; b++) {
                    raster.setSample(x, y, b, switch (random.nextInt(4)) {
                        case 0 -> 0;
                        case 1 -> max;
                        default -> random.nextInt(max + 1);
                    });
                }
            }
        }
        byte[] file = TestImages.png(new BufferedImage(colors, raster, false, null), interlaced);
        Frame frame = Images.decode("test.png", file, Images.MAX_PIXELS);
        assertPixels(frame, (x, y) -> {
            int color = 0;
            for (int c = 0; c < 3; c++) {
                double a = alpha ? raster.getSampleDouble(x, y, bands - 1) / max : 1;
                double s = raster.getSampleDouble(x, y, bands < 3 ? 0 : c) / max;
                color = color << 8 | (int) Math.floor(255 * (s * a + 1 - a) + 0.5 + 1e-9);
            }
            return color;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void palettesWithTransparency(int bits) {
        int size = 1 << bits;
        byte[][] map = new byte[4][size];
        new Random(bits).nextBytes(map[0]);
        new Random(bits + 10).nextBytes(map[1]);
        new Random(bits + 20).nextBytes(map[2]);
        for (int i = 0; i < size; i++) {
            map[3][i] = (byte) (i == 0 ? 0 : 255);
        }
        var palette = new IndexColorModel(bits, size, map[0], map[1], map[2], map[3]);
        var image = new BufferedImage(W, H, bits == 8 ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_BYTE_BINARY, palette);
        for (int i = 0; i < W * H; i++) {
            image.getRaster().setSample(i % W, i / W, 0, i % size);
        }
        Frame frame = Images.decode("palette.png", TestImages.png(image, false), Images.MAX_PIXELS);
        assertPixels(frame, (x, y) -> {
            int i = (y * W + x) % size;
            return i == 0 ? 0xffffff : (map[0][i] & 0xff) << 16 | (map[1][i] & 0xff) << 8 | map[2][i] & 0xff;
        });
    }

    @Test
    void greyIsNotBrightened() {
        var image = new BufferedImage(W, H, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < W * H; i++) {
            image.getRaster().setSample(i % W, i / W, 0, i * 2);
        }
        assertPixels(Images.decode("g.png", TestImages.png(image, false), 1000), (x, y) -> grey((y * W + x) * 2));
    }

    @Test
    void writtenFileReadsBackTheSameAndLeavesNothingElse() throws IOException {
        Frame frame = new Frame(W, H);
        new Random(3).nextBytes(frame.rgb());
        Path file = folder.resolve("out.png");
        Files.writeString(file, "old");
        Images.writePng(frame, file);
        Frame back = Images.read(file);
        assertArrayEquals(frame.rgb(), back.rgb());
        try (var list = Files.list(folder)) {
            assertEquals(1, list.count());
        }
    }

    @Test
    void failedWriteLeavesNothing() throws IOException {
        Path target = Files.createDirectory(folder.resolve("taken"));
        Files.writeString(target.resolve("inside"), "x");
        assertThrows(IOException.class, () -> Images.writePng(new Frame(2, 2), target));
        assertThrows(IOException.class, () -> Images.writePng(new Frame(2, 2), folder.resolve("absent/out.png")));
        try (var list = Files.list(folder)) {
            assertEquals(1, list.count());
        }
    }

    @Test
    void everyTruncationIsFound() {
        byte[] file = TestImages.png(TestImages.gradient(40, 30), false);
        for (int length = 0; length < file.length; length++) {
            byte[] part = java.util.Arrays.copyOf(file, length);
            ImageFormatException e = assertThrows(ImageFormatException.class, () -> Images.decode("cut.png", part, 10_000), "length " + length);
            assertTrue(e.getMessage().startsWith("cut.png: "), e.getMessage());
        }
    }

    @Test
    void shortPixelDataInsideOfSoundChunksIsFound() {
        byte[] tall = TestImages.png(TestImages.gradient(40, 30), false);
        byte[] header = java.util.Arrays.copyOfRange(tall, 16, 29);
        header[7] = 60;
        byte[] claims = TestImages.withChunk(tall, "IHDR", header, true);
        assertThrows(ImageFormatException.class, () -> Images.decode("short.png", claims, 10_000));
    }

    @Test
    void tooManyPixelsAreRefusedBeforeDecoding() {
        byte[] file = TestImages.png(TestImages.gradient(4, 3), false);
        byte[] header = java.util.Arrays.copyOfRange(file, 16, 29);
        header[1] = 1;
        header[5] = 1;
        byte[] bomb = TestImages.withChunk(file, "IHDR", header, true);
        ImageFormatException e = assertThrows(ImageFormatException.class, () -> Images.decode("bomb.png", bomb, Images.MAX_PIXELS));
        assertEquals("bomb.png: found 65540x65539 = 4295426060 pixels, wanted at most 100000000", e.getMessage());
        assertThrows(ImageFormatException.class, () -> Images.decode("limit.png", file, 11));
        assertEquals(4, Images.decode("limit.png", file, 12).width());
    }

    @Test
    void notAnImage() throws IOException {
        Path text = Files.writeString(folder.resolve("a.jpg"), "GIF89a....");
        assertEquals(text + ": found a file that begins with 47 49 46 38 39 61 2e 2e, wanted a JPEG (ff d8 ff) or PNG (89 50 4e 47)",
                assertThrows(ImageFormatException.class, () -> Images.read(text)).getMessage());
        Path empty = Files.createFile(folder.resolve("empty.png"));
        assertEquals(empty + ": found an empty file, wanted a JPEG or PNG",
                assertThrows(ImageFormatException.class, () -> Images.read(empty)).getMessage());
        assertThrows(ImageFormatException.class, () -> Images.read(folder));
        assertThrows(NoSuchFileException.class, () -> Images.read(folder.resolve("absent.png")));
    }
}
