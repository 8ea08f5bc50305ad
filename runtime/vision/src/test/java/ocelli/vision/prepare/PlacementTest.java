package ocelli.vision.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final Resize[] ALL = {new Resize.Stretch(), new Resize.Letterbox(0, true), new Resize.Letterbox(0, false), new Resize.CentreCrop()};

    @Test
    void thereAndBack() {
        Random random = new Random(42);
        for (int i = 0; i < 2000; i++) {
            int w = 1 + random.nextInt(4000);
            int h = 1 + random.nextInt(4000);
            int iw = 1 + random.nextInt(640);
            int ih = 1 + random.nextInt(640);
            for (Resize r : ALL) {
                Placement p = r.place(w, h, iw, ih);
                String what = r + " " + w + "x" + h + " to " + iw + "x" + ih + ": " + p;
                assertTrue(p.srcX() + p.srcWidth() <= w && p.srcY() + p.srcHeight() <= h, what);
                assertTrue(p.dstX() + p.dstWidth() <= iw && p.dstY() + p.dstHeight() <= ih, what);
                float x = random.nextFloat() * w;
                float y = random.nextFloat() * h;
                assertEquals(x, p.toPhotoX(p.toModelX(x)), tolerance(w, iw, p.srcWidth(), p.dstWidth()), what);
                assertEquals(y, p.toPhotoY(p.toModelY(y)), tolerance(h, ih, p.srcHeight(), p.dstHeight()), what);
                assertEquals(p.srcX(), p.toPhotoX(p.dstX()), what);
                assertEquals(p.srcX() + p.srcWidth(), p.toPhotoX(p.dstX() + p.dstWidth()), 1e-2, what);
            }
        }
    }

    /** A few roundings of a float as large as either side, those on the model's side magnified. */
    private static double tolerance(int photo, int input, int source, int target) {
        return 3e-7 * (photo + (double) input * source / target);
    }

    @Test
    void knownPlacements() {
        assertEquals(new Placement(0, 0, 640, 480, 0, 0, 300, 300), new Resize.Stretch().place(640, 480, 300, 300));
        assertEquals(new Placement(0, 0, 640, 480, 0, 16, 128, 96), new Resize.Letterbox(0, true).place(640, 480, 128, 128));
        assertEquals(new Placement(0, 0, 480, 640, 16, 0, 96, 128), new Resize.Letterbox(0, true).place(480, 640, 128, 128));
        assertEquals(new Placement(0, 0, 640, 480, 0, 0, 128, 96), new Resize.Letterbox(0, false).place(640, 480, 128, 128));
        assertEquals(new Placement(80, 0, 480, 480, 0, 0, 96, 96), new Resize.CentreCrop().place(640, 480, 96, 96));
        assertEquals(new Placement(0, 0, 5000, 2, 0, 63, 128, 1), new Resize.Letterbox(0, true).place(5000, 2, 128, 128));
        assertThrows(IllegalArgumentException.class, () -> new Placement(0, 0, 0, 1, 0, 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Resize.Letterbox(0x1000000, true));
    }
}
