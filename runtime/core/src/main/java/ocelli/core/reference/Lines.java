package ocelli.core.reference;

import ocelli.core.tensor.Shape;

/**
 * A tensor as lines along one dimension.
 *
 * @param starts first element of each line
 * @param length elements of a line
 * @param step   from one element of a line to the next
 */
record Lines(Strided starts, int length, int step) {
    static Lines along(Shape shape, int axis) {
        int a = shape.axis(axis);
        return new Lines(Strided.over(shape, d -> d != a), shape.dim(a), shape.strides()[a]);
    }

    int count() {
        return length == 0 ? 0 : starts.count();
    }

    /** Index of element {@code k} of line {@code line}. */
    int at(int line, int k) {
        return starts.at(line) + k * step;
    }
}
