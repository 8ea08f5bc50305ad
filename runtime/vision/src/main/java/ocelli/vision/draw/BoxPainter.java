package ocelli.vision.draw;

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
        int side = Math.min(frame.width(), frame.height());
        int thickness = Math.max(2, Math.round((float) side / PIXELS_PER_THICKNESS));
        for (Detection d : order) {
            box(frame, d, thickness);
        }
        for (Detection d : order) {
            label(frame, d, Math.max(1, Math.round((float) side / PIXELS_PER_DOT)));
        }
    }

    private static void box(Frame frame, Detection d, int thickness) {
        int color = Palette.color(d.classIndex());
        int x1 = Math.round(d.x1());
        int y1 = Math.round(d.y1());
        Shapes.border(frame, x1, y1, Math.max(x1 + 1, Math.round(d.x2())), Math.max(y1 + 1, Math.round(d.y2())), thickness, color);
        for (Detection.Keypoint p : d.keypoints()) {
            int x = Math.round(p.x());
            int y = Math.round(p.y());
            Shapes.fill(frame, x - thickness, y - thickness, x + thickness, y + thickness, color);
        }
    }

    private void label(Frame frame, Detection d, int wantedScale) {
        String text = String.format(Locale.ROOT, "%s %.2f", d.label(), d.score());
        int scale = wantedScale;
        while (scale > 1 && (BitmapFont.width(text) + 4) * scale > frame.width()) {
            scale--;
        }
        int width = (BitmapFont.width(text) + 4) * scale;
        int height = (BitmapFont.HEIGHT + 4) * scale;
        int above = Math.round(d.y1()) - height;
        int x = Math.clamp(Math.round(d.x1()), 0, Math.max(0, frame.width() - width));
        int y = Math.clamp(above >= 0 ? above : Math.round(d.y1()), 0, Math.max(0, frame.height() - height));
        int color = Palette.color(d.classIndex());
        Shapes.fill(frame, x, y, x + width, y + height, color);
        font.draw(frame, text, x + 2 * scale, y + 2 * scale, scale, Palette.inkOn(color));
    }
}
