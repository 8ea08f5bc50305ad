package ocelli.vision.decode;

import java.util.List;
import java.util.Optional;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * FOMO ("faster objects, more objects"): a coarse grid {@code [1,h,w,classes]} or {@code [1,classes,h,w]} of class
 * probabilities, class 0 being the background. Cells of one class that touch, also by a corner, are one object; its box is the
 * box around its cells, its score the best of them.
 *
 * @param classes of the grid, background included
 * @param planes  the second form
 */
public record FomoHead(int classes, boolean planes) implements Head {
    /** FastestDet has at least so many planes. */
    private static final int LARGE = 6;

    /** @throws IllegalArgumentException when there is no class beside the background */
    public FomoHead {
        if (classes < 2) {
            throw new IllegalArgumentException("FOMO head with " + classes + " channels, wanted the background and at least one class");
        }
    }

    /** The usual form, classes last. */
    public FomoHead(int classes) {
        this(classes, false);
    }

    static Optional<Head> of(Signature s, boolean named) {
        if (s.outputs().size() != 1 || !Shaped.isMap(s.shapes().get(0))) {
            return Optional.empty();
        }
        Shape shape = s.shapes().get(0);
        if (grid(s, shape.dim(2), shape.dim(1)) && channels(shape.dim(3))) {
            return Optional.of(new FomoHead(shape.dim(3), false));
        }
        boolean fastestDet = !named && shape.dim(1) >= LARGE && s.outputs().get(0).ending().joined();
        return grid(s, shape.dim(3), shape.dim(2)) && channels(shape.dim(1)) && !fastestDet
                ? Optional.of(new FomoHead(shape.dim(1), true)) : Optional.empty();
    }

    private static boolean channels(int n) {
        return n >= 2 && n < 256;
    }

    private static boolean grid(Signature s, int columns, int rows) {
        return columns == s.width() / 8 && rows == s.height() / 8 || columns == s.width() / 16 && rows == s.height() / 16;
    }

    @Override
    public String name() {
        return "fomo";
    }

    @Override
    public boolean background() {
        return true;
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        Shape s = Shaped.only(outputs);
        if (!Shaped.isMap(s) || s.dim(planes ? 1 : 3) != classes) {
            throw Shaped.wrong(this, outputs, width, height, planes ? "[1, " + classes + ", h, w]" : "[1, h, w, " + classes + "]");
        }
        Table table = planes ? Table.planes(outputs.get(0)) : Table.rows(outputs.get(0));
        return new FomoDecoder(table, s.dim(planes ? 3 : 2), s.dim(planes ? 2 : 1), width, height, threshold);
    }
}
