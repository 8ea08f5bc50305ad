package ocelli.vision.draw;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import ocelli.vision.Detection;
import ocelli.vision.image.Frame;
import org.junit.jupiter.api.Test;

class BoxPainterTest {

    @Test
    void everyLetterHasItsOwnGlyph() {
        BitmapFont font = new BitmapFont();
        Set<String> glyphs = new HashSet<>();
        for (char c = ' '; c <= '~'; c++) {
            StringBuilder s = new StringBuilder();
            for (int y = 0; y < 7; y++) {
                for (int x = 0; x < 5; x++) {
                    s.append(font.dot(c, x, y) ? '#' : '.');
                }
            }
            assertTrue(glyphs.add(s.toString()), "glyph of " + c + " exists already");
            assertEquals(c != ' ', s.indexOf("#") >= 0, "dots of " + c);
        }
        assertEquals(font.dot('?', 2, 4), font.dot('ü', 2, 4));
    }

    @Test
    void boxIsDrawnOnItsPixelsOnly() {
        Frame frame = new Frame(400, 300);
        new BoxPainter().draw(frame, List.of(new Detection("cat", 2, 0.5f, 100, 120, 200, 220)));
        int color = Palette.color(2);
        assertEquals(color, frame.get(100, 170));
        assertEquals(color, frame.get(199, 170));
        assertEquals(color, frame.get(150, 219));
        assertEquals(0, frame.get(99, 170));
        assertEquals(0, frame.get(200, 170));
        assertEquals(0, frame.get(150, 220));
        assertEquals(0, frame.get(150, 170), "the inside stays");
        assertEquals(color, frame.get(100, 115), "the label's ground lies above the box");
        int ink = 0;
        for (int y = 100; y < 120; y++) {
            for (int x = 100; x < 200; x++) {
                ink += frame.get(x, y) == Palette.inkOn(color) ? 1 : 0;
            }
        }
        assertTrue(ink > 50, "dots of the label: " + ink);
    }

    @Test
    void labelsStayInside() {
        for (int[] size : new int[][] {{640, 480}, {60, 40}, {7, 5}, {1, 1}, {2000, 30}}) {
            float w = size[0];
            float h = size[1];
            List<Detection> all = new ArrayList<>();
            all.add(new Detection("a very long label of something", 1, 0.9f, w * 0.9f, 0, w, h));
            all.add(new Detection("x", 2, 0.8f, 0, h * 0.95f, w * 0.5f, h));
            all.add(new Detection("", 3, 0.7f, 0, 0, w, h, List.of(new Detection.Keypoint(-50, -50), new Detection.Keypoint(w, h))));
            Frame frame = new Frame(size[0], size[1]);
            new BoxPainter().draw(frame, all);
            assertTrue(frame.get(0, 0) != 0);
        }
        Frame frame = new Frame(640, 480);
        new BoxPainter().draw(frame, List.of(new Detection("dog", 1, 0.9f, 600, 2, 640, 60)));
        int color = Palette.color(1);
        assertEquals(color, frame.get(639, 3), "label moved left so that its end is at the border");
        assertEquals(color, frame.get(590, 3));
    }

    @Test
    void bestIsOnTop() {
        Frame a = new Frame(100, 100);
        Frame b = new Frame(100, 100);
        Detection good = new Detection("good", 1, 0.9f, 10, 30, 60, 80);
        Detection weak = new Detection("weak", 5, 0.3f, 10, 30, 60, 80);
        new BoxPainter().draw(a, List.of(good, weak));
        new BoxPainter().draw(b, List.of(weak, good));
        assertArrayEquals(a.rgb(), b.rgb());
        assertEquals(Palette.color(1), a.get(10, 50));
    }

    @Test
    void coloursOfNeighboursDiffer() {
        for (int i = 0; i < 90; i++) {
            for (int k = 1; k < 5; k++) {
                int a = Palette.color(i);
                int b = Palette.color(i + k);
                int distance = Math.abs((a >> 16) - (b >> 16)) + Math.abs((a >> 8 & 255) - (b >> 8 & 255)) + Math.abs((a & 255) - (b & 255));
                assertTrue(distance > 60, i + " and " + (i + k) + ": " + Integer.toHexString(a) + " " + Integer.toHexString(b));
            }
        }
    }
}
