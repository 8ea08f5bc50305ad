package ocelli.core.reference;

import java.util.Arrays;
import java.util.function.IntPredicate;
import ocelli.core.tensor.Shape;

/**
 * Where the elements of a view of a dense tensor lie; nothing is tabulated. Neighbouring dimensions that are walked with one
 * step are one.
 *
 * @param sizes   dimensions of the view, innermost first
 * @param strides steps of these in elements of the tensor
 */
record Strided(int[] sizes, int[] strides) {

    /** The tensor stretched to a shape by NumPy's broadcasting. */
    static Strided broadcast(Shape in, Shape out) {
        int missing = out.rank() - in.rank();
        int[] own = in.strides();
        int[] strides = new int[out.rank()];
        for (int d = missing; d < strides.length; d++) {
            strides[d] = in.dim(d - missing) == 1 ? 0 : own[d - missing];
        }
        return merged(out.toArray(), strides);
    }

    /** Whether a shape can be stretched to another. */
    static boolean fits(Shape in, Shape out) {
        boolean fits = in.rank() <= out.rank();
        for (int i = 1; fits && i <= in.rank(); i++) {
            fits = in.dim(-i) == 1 || in.dim(-i) == out.dim(-i);
        }
        return fits;
    }

    /** The part of a tensor that some of its dimensions span. */
    static Strided over(Shape in, IntPredicate dimension) {
        int[] sizes = in.toArray();
        for (int d = 0; d < sizes.length; d++) {
            sizes[d] = dimension.test(d) ? sizes[d] : 1;
        }
        return merged(sizes, in.strides());
    }

    private static Strided merged(int[] sizes, int[] strides) {
        int[] size = new int[sizes.length];
        int[] step = new int[sizes.length];
        int n = 0;
        for (int d = sizes.length - 1; d >= 0; d--) {
            if (n > 0 && strides[d] == size[n - 1] * step[n - 1]) {
                size[n - 1] *= sizes[d];
            } else if (sizes[d] != 1) {
                size[n] = sizes[d];
                step[n++] = strides[d];
            }
        }
        return new Strided(Arrays.copyOf(size, n), Arrays.copyOf(step, n));
    }

    /** Elements of the view. */
    int count() {
        int n = 1;
        for (int size : sizes) {
            n *= size;
        }
        return n;
    }

    /** Index in the tensor of element {@code i} of the view in row-major order. */
    int at(int i) {
        int index = 0;
        int rest = i;
        for (int d = 0; d < sizes.length - 1; d++) {
            index += rest % sizes[d] * strides[d];
            rest /= sizes[d];
        }
        return sizes.length == 0 ? 0 : index + rest * strides[sizes.length - 1];
    }
}
