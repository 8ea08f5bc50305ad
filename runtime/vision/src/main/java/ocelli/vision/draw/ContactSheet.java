package ocelli.vision.draw;

import java.util.ArrayList;
import java.util.List;
import ocelli.vision.image.Frame;

/** Many pictures on one, in rows, each with boxes and a line of text below. */
public final class ContactSheet {
    private static final int WIDTH = 480;
    private static final int HEIGHT = 360;
    private static final int TEXT_SCALE = 2;
    private static final int TEXT_HEIGHT = (BitmapFont.HEIGHT + 4) * TEXT_SCALE;
    private static final int GROUND = 0x202020;
    private static final int INK = 0xffffff;

    private final int columns;
    private final BoxPainter painter = new BoxPainter();
    private final BitmapFont font = new BitmapFont();
    private final List<Frame> tiles = new ArrayList<>();

    /** A sheet of so many pictures in a row. */
    public ContactSheet(int columns) {
        this.columns = columns;
    }

    /** Adds a picture, which is copied, at a smaller size where needed; the marks are in pixels of the picture. */
    public void add(Frame photo, List<Mark> marks, String caption) {
        Frame tile = new Frame(WIDTH, HEIGHT + TEXT_HEIGHT);
        Shapes.fill(tile, 0, 0, WIDTH, HEIGHT + TEXT_HEIGHT, GROUND);
        double scale = Math.min((double) WIDTH / photo.width(), (double) HEIGHT / photo.height());
        Frame small = shrink(photo, Math.clamp(Math.round(photo.width() * scale), 1, WIDTH),
                Math.clamp(Math.round(photo.height() * scale), 1, HEIGHT));
        float sx = (float) small.width() / photo.width();
        float sy = (float) small.height() / photo.height();
        painter.mark(small, marks.stream()
                .map(m -> new Mark(m.text(), m.color(), m.x1() * sx, m.y1() * sy, m.x2() * sx, m.y2() * sy)).toList());
        copy(small, tile, (WIDTH - small.width()) / 2, (HEIGHT - small.height()) / 2);
        int text = BitmapFont.width(caption) * TEXT_SCALE <= WIDTH - 4 * TEXT_SCALE ? TEXT_SCALE : 1;
        font.draw(tile, caption, 2 * TEXT_SCALE, HEIGHT + 2 * TEXT_SCALE, text, INK);
        tiles.add(tile);
    }

    /**
     * The sheet with all pictures so far.
     *
     * @throws IllegalStateException when there is none
     */
    public Frame picture() {
        if (tiles.isEmpty()) {
            throw new IllegalStateException("found no picture, wanted one at least");
        }
        int rows = (tiles.size() + columns - 1) / columns;
        Frame sheet = new Frame(Math.min(columns, tiles.size()) * WIDTH, rows * (HEIGHT + TEXT_HEIGHT));
        Shapes.fill(sheet, 0, 0, sheet.width(), sheet.height(), GROUND);
        for (int i = 0; i < tiles.size(); i++) {
            copy(tiles.get(i), sheet, i % columns * WIDTH, i / columns * (HEIGHT + TEXT_HEIGHT));
        }
        return sheet;
    }

    private static void copy(Frame from, Frame to, int left, int top) {
        for (int y = 0; y < from.height(); y++) {
            System.arraycopy(from.rgb(), 3 * y * from.width(), to.rgb(), 3 * ((top + y) * to.width() + left), 3 * from.width());
        }
    }

    /** Every pixel is the mean of those that it stands for. */
    private static Frame shrink(Frame photo, int width, int height) {
        Frame small = new Frame(width, height);
        for (int y = 0; y < height; y++) {
            int top = (int) ((long) y * photo.height() / height);
            int bottom = Math.max(top + 1, (int) ((y + 1L) * photo.height() / height));
            for (int x = 0; x < width; x++) {
                int left = (int) ((long) x * photo.width() / width);
                int right = Math.max(left + 1, (int) ((x + 1L) * photo.width() / width));
                small.set(x, y, mean(photo, left, top, right, bottom));
            }
        }
        return small;
    }

    private static int mean(Frame photo, int left, int top, int right, int bottom) {
        int color = 0;
        int count = (right - left) * (bottom - top);
        for (int shift = 16; shift >= 0; shift -= 8) {
            long sum = 0;
            for (int y = top; y < bottom; y++) {
                for (int x = left; x < right; x++) {
                    sum += photo.get(x, y) >> shift & 0xff;
                }
            }
            color |= (int) ((sum + count / 2) / count) << shift;
        }
        return color;
    }
}
