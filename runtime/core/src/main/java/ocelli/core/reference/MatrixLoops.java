package ocelli.core.reference;

import java.util.Arrays;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.tensor.Shape;

/**
 * The arithmetic of indices of a product [..,M,K]·[..,K,N] whose leading dimensions broadcast. Rows are counted over all
 * matrices of the result.
 *
 * @param a which matrix of the first operand a matrix of the result takes
 * @param b which of the second
 */
record MatrixLoops(int m, int k, int n, int batch, Strided a, Strided b) {
    static MatrixLoops of(KernelRequest r) {
        Shape batch = leading(r.outputType().shape());
        return new MatrixLoops(r.outputType().shape().dim(-2), r.inputType(0).shape().dim(-1), r.outputType().shape().dim(-1),
                batch.elements(), Strided.broadcast(leading(r.inputType(0).shape()), batch),
                Strided.broadcast(leading(r.inputType(1).shape()), batch));
    }

    private static Shape leading(Shape s) {
        return Shape.of(Arrays.copyOf(s.toArray(), s.rank() - 2));
    }

    int rows() {
        return batch * m;
    }

    /** First element of the row of the first operand. */
    int rowOfA(int row) {
        return (a.at(row / m) * m + row % m) * k;
    }

    /** First element of the matrix of the second operand, whose element [i, column] is i·N + column further. */
    int matrixOfB(int row) {
        return b.at(row / m) * k * n;
    }
}
