package ocelli.formats.onnx;

import java.util.Arrays;
import java.util.Map;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.MatMulInteger;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Matrix products; one with a constant matrix is a fully connected layer. */
final class OnnxMatrixOps {
    private OnnxMatrixOps() {
    }

    static Map<String, OnnxMapper> table() {
        return Map.of("Gemm", OnnxMatrixOps::gemm, "MatMul", OnnxMatrixOps::matMul, "MatMulInteger", OnnxMatrixOps::matMulInteger);
    }

    /** alpha·A·B + beta·C. */
    private static void gemm(OnnxNode n) {
        Value a = n.input(0);
        Value b = n.input(1);
        OnnxWeights.requireFloats(n, a, b);
        matrix(a);
        matrix(b);
        Value left = n.i("transA", 0) != 0 ? n.transpose(a, 1, 0) : a;
        boolean transposed = n.i("transB", 0) != 0;
        float alpha = n.f("alpha", 1);
        Value c = n.hasInput(2) ? factor(n, n.input(2), n.f("beta", 1)) : null;
        boolean layer = OnnxWeights.isConstant(n, b) && b.type().shape().elements() > 0;
        int outputs = b.type().shape().dim(transposed ? 0 : 1);
        boolean bias = c != null && OnnxWeights.isConstant(n, c) && alpha == 1 && c.type().shape().elements() == outputs
                && (c.type().shape().rank() == 1 || c.type().shape().rank() == 2 && c.type().shape().dim(0) == 1);
        Value y;
        if (layer) {
            Value weights = transposed ? b : OnnxWeights.transpose(n, b, 1, 0);
            FullyConnected op = new FullyConnected(true, Activation.NONE);
            y = bias ? n.emit(op, DType.FLOAT32, left, weights, OnnxWeights.vector(n, c)) : n.emit(op, DType.FLOAT32, left, weights);
        } else {
            y = n.emit(new MatMul(), DType.FLOAT32, left, transposed ? n.transpose(b, 1, 0) : b);
        }
        y = factor(n, y, alpha);
        n.output(0, c == null || layer && bias ? y : add(n, y, c));
    }

    private static Value add(OnnxNode n, Value y, Value c) {
        if (!Shape.broadcast(y.type().shape(), c.type().shape()).equals(y.type().shape())) {
            throw new IllegalArgumentException("input C has shape " + c.type().shape() + ", which does not broadcast to "
                    + y.type().shape());
        }
        return n.emit(new Binary(Binary.Kind.ADD, Activation.NONE), y, c);
    }

    private static Value factor(OnnxNode n, Value v, float factor) {
        return factor == 1 ? v : n.emit(new Binary(Binary.Kind.MUL, Activation.NONE), v, n.scalar(DType.FLOAT32, factor));
    }

    private static void matrix(Value v) {
        if (v.type().shape().rank() != 2) {
            throw new IllegalArgumentException("operand has shape " + v.type().shape() + ", wanted a matrix");
        }
    }

    private static void matMul(OnnxNode n) {
        OnnxWeights.requireFloats(n, n.input(0), n.input(1));
        n.output(0, product(n, n.input(0), n.input(1), TensorType.of(DType.FLOAT32)));
    }

    /**
     * NumPy's product of tensors: a vector on the left is a row, on the right a column, and goes again.
     *
     * @param type element type and quantisation of the result
     */
    static Value product(OnnxNode n, Value a, Value b, TensorType type) {
        Value left = row(n, a);
        Value right = column(n, b);
        Shape matrix = right.type().shape();
        Value y = OnnxWeights.isConstant(n, right) && matrix.rank() == 2 && matrix.elements() > 0
                ? n.emit(new FullyConnected(true, Activation.NONE), type, left, OnnxWeights.transpose(n, right, 1, 0))
                : n.emit(new MatMul(), type, left, right);
        return squeezed(n, y, a, b);
    }

    private static Value row(OnnxNode n, Value a) {
        nonScalar(a);
        return a.type().shape().rank() == 1 ? n.reshape(a, 1, a.type().shape().dim(0)) : a;
    }

    private static Value column(OnnxNode n, Value b) {
        nonScalar(b);
        return b.type().shape().rank() == 1 ? OnnxWeights.reshape(n, b, b.type().shape().dim(0), 1) : b;
    }

    private static void nonScalar(Value v) {
        if (v.type().shape().rank() == 0) {
            throw new IllegalArgumentException("operand is a scalar, wanted at least a vector");
        }
    }

    /** Without the dimensions that stood for the missing ones of vectors. */
    private static Value squeezed(OnnxNode n, Value y, Value a, Value b) {
        int[] dims = y.type().shape().toArray();
        int rank = dims.length;
        if (b.type().shape().rank() == 1) {
            dims = Arrays.copyOf(dims, rank - 1);
        }
        if (a.type().shape().rank() == 1) {
            int[] shorter = new int[dims.length - 1];
            System.arraycopy(dims, 0, shorter, 0, rank - 2);
            System.arraycopy(dims, rank - 1, shorter, rank - 2, dims.length - (rank - 1));
            dims = shorter;
        }
        return n.reshape(y, dims);
    }

    private static void matMulInteger(OnnxNode n) {
        Value a = OnnxQuantOps.raw(n, n.input(0));
        Value b = OnnxQuantOps.raw(n, n.input(1));
        Value aZero = OnnxQuantOps.zeroPoint(n, 2, a);
        // One zero point for each row is a column.
        if (aZero.type().shape().rank() == 1) {
            aZero = n.reshape(aZero, aZero.type().shape().dim(0), 1);
        }
        Value y = n.emit(new MatMulInteger(), DType.INT32, row(n, a), column(n, b), aZero, OnnxQuantOps.zeroPoint(n, 3, b));
        n.output(0, squeezed(n, y, a, b));
    }
}
