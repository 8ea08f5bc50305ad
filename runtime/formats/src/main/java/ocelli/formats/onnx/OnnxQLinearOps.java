package ocelli.formats.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Op;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Operators between quantised tensors that carry their scales as operands: core operators on quantised types.
 *
 * @see <a href="https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md">ONNX Runtime, contributed operators</a>
 */
final class OnnxQLinearOps {
    private OnnxQLinearOps() {
    }

    static Map<String, OnnxMapper> table() {
        return Map.ofEntries(
                Map.entry("QLinearConv", OnnxQLinearOps::conv),
                Map.entry("QLinearMatMul", OnnxQLinearOps::matMul),
                Map.entry("com.microsoft.QLinearAdd", n -> binary(n, Binary.Kind.ADD)),
                Map.entry("com.microsoft.QLinearMul", n -> binary(n, Binary.Kind.MUL)),
                Map.entry("com.microsoft.QLinearConcat", OnnxQLinearOps::concat),
                Map.entry("com.microsoft.QLinearSigmoid", n -> unary(n, new Unary(Unary.Kind.LOGISTIC))),
                Map.entry("com.microsoft.QLinearLeakyRelu", n -> unary(n, new Unary(Unary.Kind.LEAKY_RELU, n.f("alpha", 0.01f), 0))),
                Map.entry("com.microsoft.QLinearGlobalAveragePool", OnnxQLinearOps::globalAverage),
                Map.entry("com.microsoft.QLinearAveragePool", OnnxQLinearOps::averagePool),
                Map.entry("com.microsoft.QGemm", OnnxQLinearOps::gemm));
    }

    /** The tensor in {@code input} with the parameters that follow it; several scales belong to {@code axis}. */
    private static Value operand(OnnxNode n, int input, long axis) {
        Value v = n.input(input);
        if (!v.type().dtype().isQ8()) {
            throw n.unsupported("operand " + v.type() + ", wanted int8 or uint8");
        }
        return n.reinterpret(v, OnnxQuantOps.parameters(n, input + 1, input + 2, v.type().shape(), axis));
    }

    /** One scale for the whole tensor. */
    private static Value operand(OnnxNode n, int input) {
        oneScale(n, input + 1);
        return operand(n, input, 0);
    }

    private static void oneScale(OnnxNode n, int input) {
        if (n.input(input).type().shape().elements() != 1) {
            throw n.unsupported("scale " + n.input(input).type() + " (input " + input + "), wanted one number");
        }
    }

    /** Element type and quantisation of the result, whose scale is in this input and zero point in the next. */
    private static TensorType result(OnnxNode n, int scale, DType otherwise) {
        oneScale(n, scale);
        Quantization q = OnnxQuantOps.parameters(n, scale, scale + 1, Shape.SCALAR, 0);
        return new TensorType(n.hasInput(scale + 1) ? n.input(scale + 1).type().dtype() : otherwise, Shape.SCALAR, q);
    }

    private static void conv(OnnxNode n) {
        Value x = operand(n, 0);
        Value w = operand(n, 3, 0);
        n.output(0, OnnxConvOps.convolution(n, x, w, n.hasInput(8) ? n.input(8) : null, result(n, 6, x.type().dtype())));
    }

    private static void matMul(OnnxNode n) {
        Value a = operand(n, 0);
        n.output(0, OnnxMatrixOps.product(n, a, operand(n, 3, -1), result(n, 6, a.type().dtype())));
    }

    private static void binary(OnnxNode n, Binary.Kind kind) {
        Value a = operand(n, 0);
        n.output(0, n.emit(new Binary(kind, Activation.NONE, Binary.Rounding.FLOAT), result(n, 6, a.type().dtype()), a, operand(n, 3)));
    }

    private static void unary(OnnxNode n, Op op) {
        Value x = operand(n, 0);
        n.output(0, n.emit(op, result(n, 3, x.type().dtype()), x));
    }

    /** Scale and zero point of the result come first, then three inputs for each operand. */
    private static void concat(OnnxNode n) {
        TensorType type = result(n, 0, DType.UINT8);
        List<Value> parts = new ArrayList<>();
        for (int i = 2; i + 2 < n.inputs(); i += 3) {
            Value x = operand(n, i);
            boolean same = x.type().dtype() == type.dtype() && x.type().quant().equals(type.quant());
            parts.add(same ? x : n.emit(new Quantize(), type, x));
        }
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("has " + n.inputs() + " inputs, wanted at least one operand with its parameters");
        }
        int axis = OnnxArgs.axis(n.i("axis", 0), parts.getFirst().type().shape().rank());
        n.output(0, n.emit(new Concat(axis), type, parts.toArray(Value[]::new)));
    }

    private static void globalAverage(OnnxNode n) {
        Value x = operand(n, 0);
        if (x.type().shape().rank() != 4) {
            throw n.unsupported("input of shape " + x.type().shape() + ", wanted an image");
        }
        boolean last = n.i("channels_last", 0) != 0;
        Value y = n.emit(new Reduce(Reduce.Kind.MEAN, List.of(1, 2), true), result(n, 3, x.type().dtype()), last ? x : n.nhwc(x));
        n.output(0, last ? y : n.nchw(y));
    }

    /** In real numbers, so that the average is rounded once. */
    private static void averagePool(OnnxNode n) {
        if (n.i("channels_last", 0) != 0) {
            throw n.unsupported("channels_last");
        }
        Value x = operand(n, 0);
        Value real = OnnxPoolOps.averagePool(n, n.emit(new Dequantize(), DType.FLOAT32, x));
        n.output(0, n.emit(new Quantize(), result(n, 3, x.type().dtype()), real));
    }

    /** A and B with their parameters, the bias in steps of both scales, then the result's parameters; without those it is real. */
    private static void gemm(OnnxNode n) {
        if (n.f("alpha", 1) != 1) {
            throw n.unsupported("alpha " + n.f("alpha", 1) + ", wanted 1");
        }
        Value a = operand(n, 0);
        boolean transposed = n.i("transB", 0) != 0;
        Value b = operand(n, 3, transposed ? 0 : 1);
        if (a.type().shape().rank() != 2 || b.type().shape().rank() != 2 || !b.isConstant()) {
            throw n.unsupported("operands " + a.type() + " and " + b.type() + ", wanted a matrix and a constant matrix");
        }
        Value left = n.i("transA", 0) != 0 ? n.transpose(a, 1, 0) : a;
        Value weights = transposed ? b : n.transpose(b, 1, 0);
        FullyConnected op = new FullyConnected(true, Activation.NONE);
        boolean hasBias = n.hasInput(6);
        if (n.hasInput(7)) {
            TensorType type = result(n, 7, a.type().dtype());
            n.output(0, hasBias ? n.emit(op, type, left, weights, OnnxWeights.vector(n, n.input(6))) : n.emit(op, type, left, weights));
            return;
        }
        Value x = n.emit(new Dequantize(), DType.FLOAT32, left);
        Value w = n.emit(new Dequantize(), DType.FLOAT32, weights);
        n.output(0, hasBias ? n.emit(op, DType.FLOAT32, x, w, realBias(n, a, weights)) : n.emit(op, DType.FLOAT32, x, w));
    }

    /** The bias' scale is the product of the operands' scales. */
    private static Value realBias(OnnxNode n, Value a, Value weights) {
        Value bias = OnnxWeights.vector(n, n.input(6));
        Quantization q = weights.type().quant();
        float[] scales = new float[q.size()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = a.type().quant().scale() * q.scale(i);
        }
        Quantization product = q.isPerAxis() ? Quantization.perAxis(scales, new int[scales.length], 0)
                : Quantization.perTensor(scales[0], 0);
        return n.emit(new Dequantize(), DType.FLOAT32, n.reinterpret(bias, product));
    }
}
