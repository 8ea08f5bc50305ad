package ocelli.vision.decode;

import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * A tensor read as a table, whatever the order of its numbers in memory: one row for each place where an object may be, one
 * column for each number that is said about it. Steps are in elements.
 */
record Table(Tensor tensor, Reals reals, int rows, int columns, long base, long rowStep, long columnStep) {

    /** Rows one after the other: {@code [N,C]}, {@code [1,N,C]}, {@code [1,H,W,C]}, {@code [1,A,H,W,C]}. */
    static Table rows(Tensor t) {
        return rows(t, t.type().shape().dim(-1));
    }

    /** Rows of so many columns one after the other, whatever the shape. */
    static Table rows(Tensor t, int columns) {
        return new Table(t, new Reals(t), t.type().shape().elements() / Math.max(1, columns), columns, 0, columns, 1);
    }

    /** Columns one after the other: {@code [1,C,N]}, {@code [1,C,H,W]}. */
    static Table planes(Tensor t) {
        Shape s = t.type().shape();
        int columns = s.dim(1);
        int rows = s.elements() / Math.max(1, columns);
        return new Table(t, new Reals(t), rows, columns, 0, 1, rows);
    }

    /** The columns {@code [from, to)}. */
    Table part(int from, int to) {
        return new Table(tensor, reals, rows, to - from, base + from * columnStep, rowStep, columnStep);
    }

    /** The rows {@code [from, to)}. */
    Table slice(int from, int to) {
        return new Table(tensor, reals, to - from, columns, base + from * rowStep, rowStep, columnStep);
    }

    float at(int row, int column) {
        return reals.at(base + row * rowStep + column * columnStep);
    }
}
