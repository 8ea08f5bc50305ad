package ocelli.core.kernel;

import ocelli.core.tensor.Shape;

/**
 * A product [..,M,K]·[..,K,N] of dense operands whose leading dimensions broadcast.
 *
 * @param a for each matrix of the result the index of the first element of its first operand
 * @param b and of its second
 */
public record MatrixPlaces(int m, int k, int n, long[] a, long[] b) {

    public static MatrixPlaces of(KernelRequest r) {
        Shape y = r.outputType().shape();
        int m = y.dim(-2);
        int n = y.dim(-1);
        int k = r.inputType(0).shape().dim(-1);
        int matrices = 1;
        for (int d = 0; d < y.rank() - 2; d++) {
            matrices *= y.dim(d);
        }
        long[] a = new long[matrices];
        long[] b = new long[matrices];
        for (int i = 0; i < matrices; i++) {
            a[i] = (long) m * k * source(r.inputType(0).shape(), y, i);
            b[i] = (long) k * n * source(r.inputType(1).shape(), y, i);
        }
        return new MatrixPlaces(m, k, n, a, b);
    }

    /** Which of an operand's matrices goes into a matrix of the result. */
    private static int source(Shape x, Shape y, int matrix) {
        int source = 0;
        int step = 1;
        for (int d = 3; d <= x.rank(); d++) {
            int at = matrix % y.dim(-d);
            matrix /= y.dim(-d);
            source += x.dim(-d) == 1 ? 0 : at * step;
            step *= x.dim(-d);
        }
        return source;
    }
}
