package ocelli.vision.image;

/** The eight EXIF orientations: how stored pixels are turned and mirrored to stand upright (CIPA DC-008, tag 274). */
final class Orientation {
    private Orientation() {
    }

    /** The upright picture; {@code stored} itself for orientation 1. */
    static Frame apply(Frame stored, int orientation) {
        if (orientation == 1) {
            return stored;
        }
        int w = stored.width();
        int h = stored.height();
        Frame out = orientation < 5 ? new Frame(w, h) : new Frame(h, w);
        for (int y = 0; y < out.height(); y++) {
            for (int x = 0; x < out.width(); x++) {
                out.set(x, y, switch (orientation) {
                    case 2 -> stored.get(w - 1 - x, y);
                    case 3 -> stored.get(w - 1 - x, h - 1 - y);
                    case 4 -> stored.get(x, h - 1 - y);
                    case 5 -> stored.get(y, x);
                    case 6 -> stored.get(y, h - 1 - x);
                    case 7 -> stored.get(w - 1 - y, h - 1 - x);
                    case 8 -> stored.get(w - 1 - y, x);
                    default -> throw new IllegalArgumentException("EXIF orientation " + orientation + ", wanted 1…8");
                });
            }
        }
        return out;
    }
}
