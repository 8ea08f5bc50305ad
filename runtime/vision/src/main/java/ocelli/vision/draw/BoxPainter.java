package ocelli.vision.draw;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import ocelli.vision.Detection;
import ocelli.vision.image.Frame;

/**
 * Draws detections on a frame: a box in the colour of the class, its name and score on a filled ground, and its
 * keypoints. Thickness and letters grow with the picture. Needs no fonts of the platform. May be shared by threads.
 */
public final class BoxPainter {
    /** One pixel of thickness for so many of the shorter side. */
    private static final int PIXELS_PER_THICKNESS = 220;
    /** One pixel per dot of a letter for so many of the shorter side. */
    private static final int PIXELS_PER_DOT = 350;

    private final BitmapFont font = new BitmapFont();

    /** A painter with its letters ready. */
    public BoxPainter() {
    }

    /** Draws into the frame itself; the best detection comes last and so on top. */
    public void draw(Frame frame, List<Detection> detections) {
        List<Detection> order = detections.stream()
                .sorted((a, b) -> Float.compare(a.score(), b.score())).toList();
        int thickness = thickness(frame);
        List<Mark> marks = new ArrayList<>();
        for (Detection d : order) {
            Mark mark = new Mark(String.format(Locale.ROOT, "%s %.2f", d.label(), d.score()), Palette.color(d.classIndex()), d.x1(), d.y1(),
                    d.x2(), d.y2());
            marks.add(mark);
            box(frame, mark, thickness);
            for (Detection.Keypoint p : d.keypoints()) {
                int x = Math.round(p.x());
                int y = Math.round(p.y());
                Shapes.fill(frame, x - thickness, y - thickness, x + thickness, y + thickness, mark.color());
            }
        }
        label(frame, marks);
    }

    /** Draws any boxes into the frame itself; the last one is on top. */
    public void mark(Frame frame, List<Mark> marks) {
        for (Mark mark : marks) {
            box(frame, mark, thickness(frame));
        }
        label(frame, marks);
    }

    private static int thickness(Frame frame) {
        return Math.max(2, Math.round((float) Math.min(frame.width(), frame.height()) / PIXELS_PER_THICKNESS));
    }

    private static void box(Frame frame, Mark m, int thickness) {
        int x1 = Math.round(m.x1());
        int y1 = Math.round(m.y1());
        Shapes.border(frame, x1, y1, Math.max(x1 + 1, Math.round(m.x2())), Math.max(y1 + 1, Math.round(m.y2())), thickness, m.color());
    }

    /** After all boxes, so that none goes through a text. */
    private void label(Frame frame, List<Mark> marks) {
        int scale = Math.max(1, Math.round((float) Math.min(frame.width(), frame.height()) / PIXELS_PER_DOT));
        for (Mark mark : marks) {
            label(frame, mark, scale);
        }
    }

    private void label(Frame frame, Mark m, int wantedScale) {
        int scale = wantedScale;
        while (scale > 1 && (BitmapFont.width(m.text()) + 4) * scale > frame.width()) {
            scale--;
        }
        int width = (BitmapFont.width(m.text()) + 4) * scale;
        int height = (BitmapFont.HEIGHT + 4) * scale;
        int above = Math.round(m.y1()) - height;
        int x = Math.clamp(Math.round(m.x1()), 0, Math.max(0, frame.width() - width));
        int y = Math.clamp(above >= 0 ? above : Math.round(m.y1()), 0, Math.max(0, frame.height() - height));
        Shapes.fill(frame, x, y, x + width, y + height, m.color());
        font.draw(frame, m.text(), x + 2 * scale, y + 2 * scale, scale, Palette.inkOn(m.color()));
    }
}
