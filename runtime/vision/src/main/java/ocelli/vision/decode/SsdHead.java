package ocelli.vision.decode;

import java.util.ArrayList;
import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * SSD boxes that are decoded outside of the graph: box rows {@code [1,A,coords]} and class rows {@code [1,A,classes]}, in
 * any order. Either may come in several tensors, one per layer group, which are then taken by falling number of rows.
 * Each anchor gives at most one box, that of its best class.
 *
 * @param name       of the model family
 * @param anchors    the generating rules
 * @param coding     what a box row means
 * @param classes    class columns, background included
 * @param background column 0 is the background and never reported
 * @param activation what turns class numbers into scores
 */
public record SsdHead(String name, SsdAnchors anchors, SsdBoxCoding coding, int classes, boolean background,
                      ScoreActivation activation) implements Head {

    /** @throws IllegalArgumentException when no class is left to report, or classes cannot be told from boxes by their shape */
    public SsdHead {
        if (classes < (background ? 2 : 1) || classes == coding.coords()) {
            throw new IllegalArgumentException("SSD head " + name + " with " + classes + " class columns, wanted at least "
                    + (background ? 2 : 1) + " and other than the " + coding.coords() + " numbers of a box");
        }
    }

    /** Whether outputs of these shapes, in any order, are this head for an input of this size. */
    boolean fits(List<Shape> outputs, int width, int height) {
        if (width != anchors.inputWidth() || height != anchors.inputHeight() || outputs.size() % 2 != 0) {
            return false;
        }
        int rows = anchors.generate().length / 4;
        return rows(outputs, coding.coords()) == rows && rows(outputs, classes) == rows
                && outputs.stream().allMatch(s -> isRows(s, classes) || isRows(s, coding.coords()));
    }

    /** The outputs in words. */
    String outputs() {
        int rows = anchors.generate().length / 4;
        return "[1," + rows + "," + coding.coords() + "] [1," + rows + "," + classes + "] of " + anchors.inputWidth() + "x"
                + anchors.inputHeight();
    }

    private static boolean isRows(Shape s, int columns) {
        return s.rank() == 3 && s.dim(0) == 1 && s.dim(2) == columns;
    }

    private static int rows(List<Shape> outputs, int columns) {
        return outputs.stream().filter(s -> isRows(s, columns)).mapToInt(s -> s.dim(1)).sum();
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        List<Shape> shapes = outputs.stream().map(t -> t.type().shape()).toList();
        if (!fits(shapes, width, height)) {
            int rows = anchors.generate().length / 4;
            throw new IllegalArgumentException("SSD head " + name + ": found outputs " + shapes + " for an input of " + width + "x"
                    + height + ", wanted [1, " + rows + ", " + coding.coords() + "] and [1, " + rows + ", " + classes + "] for "
                    + anchors.inputWidth() + "x" + anchors.inputHeight());
        }
        return new SsdDecoder(this, select(outputs, coding.coords()), select(outputs, classes), threshold);
    }

    private static List<Tensor> select(List<Tensor> outputs, int columns) {
        List<Tensor> out = new ArrayList<>(outputs);
        out.removeIf(t -> !isRows(t.type().shape(), columns));
        out.sort((a, b) -> b.type().shape().dim(1) - a.type().shape().dim(1));
        return out;
    }
}
