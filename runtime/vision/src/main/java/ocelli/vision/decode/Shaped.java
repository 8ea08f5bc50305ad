package ocelli.vision.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/** Sorts outputs by their shapes, as most heads are told by them. */
final class Shaped {
    private Shaped() {
    }

    /** {@code [N,C]} or {@code [1,N,C]} with something in it. */
    static boolean isRows(Shape s) {
        return s.elements() > 0 && (s.rank() == 2 || s.rank() == 3 && s.dim(0) == 1);
    }

    /** {@code [N,columns]} or {@code [1,N,columns]}. */
    static boolean isRows(Shape s, int columns) {
        return isRows(s) && s.dim(-1) == columns;
    }

    /** {@code [1,A,B,C]} with something in it. */
    static boolean isMap(Shape s) {
        return s.rank() == 4 && s.dim(0) == 1 && s.elements() > 0;
    }

    /** Whether a shape has these dimensions, which need not make a shape themselves. */
    static boolean is(Shape s, int... dims) {
        return Arrays.equals(s.toArray(), dims);
    }

    /** The first shape of these dimensions, −1 for none. */
    static int indexOf(List<Shape> shapes, int... dims) {
        for (int i = 0; i < shapes.size(); i++) {
            if (is(shapes.get(i), dims)) {
                return i;
            }
        }
        return -1;
    }

    /** Rows of {@code [N,C]} or {@code [1,N,C]}. */
    static int rows(Shape s) {
        return s.dim(-2);
    }

    /** Indices of the outputs that pass, the largest first, equals in the model's order. */
    static List<Integer> select(List<Shape> shapes, IntPredicate passes) {
        List<Integer> found = new ArrayList<>(IntStream.range(0, shapes.size()).filter(passes).boxed().toList());
        found.sort(Comparator.comparing(i -> -shapes.get(i).elements()));
        return found;
    }

    /** The shape of the only output; that of a scalar, which is no head's, when there are none or several. */
    static Shape only(List<Tensor> outputs) {
        return outputs.size() == 1 ? outputs.get(0).type().shape() : Shape.SCALAR;
    }

    static List<Shape> shapes(List<Tensor> outputs) {
        return outputs.stream().map(t -> t.type().shape()).toList();
    }

    static IllegalArgumentException wrong(Head head, List<Tensor> outputs, int width, int height, String wanted) {
        return new IllegalArgumentException(head.name() + ": found outputs " + outputs.stream().map(Tensor::type).toList()
                + " for an input of " + width + "x" + height + ", wanted " + wanted);
    }
}
