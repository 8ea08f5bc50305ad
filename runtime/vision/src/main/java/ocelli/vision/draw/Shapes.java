package ocelli.vision.draw;

import ocelli.vision.image.Frame;

/** Filled and hollow rectangles, clipped to the frame. */
final class Shapes {
    private Shapes() {
    }

    /** Fills the pixels of {@code [x1,x2) × [y1,y2)}. */
    static void fill(Frame frame, int x1, int y1, int x2, int y2, int color) {
        int right = Math.min(x2, frame.width());
        int bottom = Math.min(y2, frame.height());
        for (int y = Math.max(0, y1); y < bottom; y++) {
            for (int x = Math.max(0, x1); x < right; x++) {
                frame.set(x, y, color);
            }
        }
    }

    /** Draws a border of the given thickness inside of {@code [x1,x2) × [y1,y2)}. */
    static void border(Frame frame, int x1, int y1, int x2, int y2, int thickness, int color) {
        fill(frame, x1, y1, x2, Math.min(y2, y1 + thickness), color);
        fill(frame, x1, Math.max(y1, y2 - thickness), x2, y2, color);
        fill(frame, x1, y1, Math.min(x2, x1 + thickness), y2, color);
        fill(frame, Math.max(x1, x2 - thickness), y1, x2, y2, color);
    }
}
