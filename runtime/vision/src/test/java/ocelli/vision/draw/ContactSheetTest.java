package ocelli.vision.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import ocelli.vision.image.Frame;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
    private static final int GREEN = 0x00c000;
    private static final int RED = 0xff0000;

    private static Frame plain(int width, int height) {
        Frame frame = new Frame(width, height);
        Shapes.fill(frame, 0, 0, width, height, GREEN);
        return frame;
    }

    private static long count(Frame f, int color) {
        return IntStream.range(0, f.width() * f.height()).filter(i -> f.get(i % f.width(), i / f.width()) == color).count();
    }

    @Test
    void picturesStandInRows() {
        ContactSheet sheet = new ContactSheet(2);
        assertThrows(IllegalStateException.class, sheet::picture);
        sheet.add(plain(960, 720), List.of(), "one");
        Frame one = sheet.picture();
        sheet.add(plain(100, 300), List.of(), "two");
        sheet.add(plain(4_000, 10), List.of(), "three");
        Frame all = sheet.picture();
        assertEquals(2 * one.width(), all.width());
        assertEquals(2 * one.height(), all.height());
        assertEquals(480 * 360, count(one, GREEN), "a picture of the tile's form fills it");
        assertEquals(480 * 360 + 120 * 360 + 480, count(all, GREEN));
        assertTrue(count(one, 0xffffff) > 20, "its text stands below");
    }

    @Test
    void marksAreDrawnWhereTheyAre() {
        ContactSheet sheet = new ContactSheet(1);
        Frame photo = plain(960, 720);
        sheet.add(photo, List.of(new Mark("missed cat", RED, 200, 400, 600, 600)), "photo");
        Frame tile = sheet.picture();
        assertEquals(RED, tile.get(100, 250));
        assertEquals(RED, tile.get(299, 250));
        assertEquals(RED, tile.get(200, 299));
        assertEquals(GREEN, tile.get(200, 250), "hollow");
        assertEquals(GREEN, tile.get(97, 250));
        assertEquals(0, count(photo, RED), "the photo itself is left alone");
    }

    @Test
    void smallerPicturesAreMeans() {
        Frame photo = new Frame(960, 720);
        for (int y = 0; y < 720; y++) {
            for (int x = 0; x < 960; x++) {
                photo.set(x, y, (x + y) % 2 == 0 ? 0x00c864 : 0);
            }
        }
        ContactSheet sheet = new ContactSheet(1);
        sheet.add(photo, List.of(), "");
        assertEquals(480 * 360, count(sheet.picture(), 0x006432));
    }
}
