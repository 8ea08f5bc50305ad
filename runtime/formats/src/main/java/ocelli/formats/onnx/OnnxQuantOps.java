package ocelli.formats.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Cast;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.DynamicQuantize;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Conversions between real numbers and quantised ones. With constant parameters they are typed nodes; with parameters that the
 * network computes they are made of arithmetic.
 */
final class OnnxQuantOps {
    private OnnxQuantOps() {
    }

    static Map<String, OnnxMapper> table() {
        return Map.of(
                "QuantizeLinear", OnnxQuantOps::quantize,
                "DequantizeLinear", OnnxQuantOps::dequantize,
                "com.microsoft.QuantizeLinear", OnnxQuantOps::quantize,
                "com.microsoft.DequantizeLinear", OnnxQuantOps::dequantize,
                "DynamicQuantizeLinear", OnnxQuantOps::dynamic);
    }

    private static void quantize(OnnxNode n) {
        refuseBlocks(n);
        Value x = n.input(0);
        long given = n.i("output_dtype", 0);
        DType dtype = n.hasInput(2) ? n.input(2).type().dtype() : given == 0 ? DType.UINT8 : n.dtype(given);
        if (!dtype.isQ8()) {
            throw n.unsupported("quantised type " + dtype.label() + ", wanted int8 or uint8");
        }
        Value real = x.type().dtype() == DType.INT32 ? n.emit(new Cast(), DType.FLOAT32, raw(n, x)) : x;
        OnnxWeights.requireFloats(n, real, n.input(1));
        if (n.isConstant(1) && (!n.hasInput(2) || n.isConstant(2))) {
            Quantization q = parameters(n, 1, 2, x.type().shape(), n.i("axis", 1));
            n.output(0, n.emit(new Quantize(), new TensorType(dtype, x.type().shape(), q), real));
            return;
        }
        Value steps = n.emit(new Unary(Unary.Kind.ROUND), binary(n, Binary.Kind.DIV, real, perAxis(n, n.input(1), x.type().shape())));
        if (n.hasInput(2)) {
            steps = binary(n, Binary.Kind.ADD, steps, n.emit(new Cast(), DType.FLOAT32, perAxis(n, raw(n, n.input(2)), x.type().shape())));
        }
        n.output(0, n.emit(new Cast(), dtype, n.emit(new Unary(Unary.Kind.CLIP, dtype.min(), dtype.max()), steps)));
    }

    private static void dequantize(OnnxNode n) {
        refuseBlocks(n);
        Value x = n.input(0);
        if (!x.type().dtype().isQ8() && x.type().dtype() != DType.INT32) {
            throw n.unsupported("input " + x.type() + ", wanted int8, uint8 or int32");
        }
        OnnxWeights.requireFloats(n, n.input(1));
        if (n.isConstant(1) && (!n.hasInput(2) || n.isConstant(2))) {
            Quantization q = parameters(n, 1, 2, x.type().shape(), n.i("axis", 1));
            n.output(0, n.emit(new Dequantize(), DType.FLOAT32, n.reinterpret(x, q)));
            return;
        }
        Value steps = n.emit(new Cast(), DType.FLOAT32, raw(n, x));
        if (n.hasInput(2)) {
            steps = binary(n, Binary.Kind.SUB, steps, n.emit(new Cast(), DType.FLOAT32, perAxis(n, raw(n, n.input(2)), x.type().shape())));
        }
        n.output(0, binary(n, Binary.Kind.MUL, steps, perAxis(n, n.input(1), x.type().shape())));
    }

    private static void dynamic(OnnxNode n) {
        OnnxWeights.requireFloats(n, n.input(0));
        List<Value> parts = n.emitAll(new DynamicQuantize(), List.of(DType.UINT8, DType.FLOAT32, DType.UINT8), n.input(0));
        for (int i = 0; i < 3; i++) {
            n.output(i, parts.get(i));
        }
    }

    private static void refuseBlocks(OnnxNode n) {
        if (n.i("block_size", 0) != 0) {
            throw n.unsupported("blocks of " + n.i("block_size", 0) + ", wanted one scale per tensor or per index of an axis");
        }
    }

    private static Value binary(OnnxNode n, Binary.Kind kind, Value a, Value b) {
        return n.emit(new Binary(kind, Activation.NONE), a, b);
    }

    /** A parameter that the network computes: one number, or one for each index of the axis, stretched along the others. */
    private static Value perAxis(OnnxNode n, Value parameter, Shape x) {
        int size = parameter.type().shape().elements();
        if (size == 1) {
            return n.reshape(parameter);
        }
        int axis = OnnxArgs.axis(n.i("axis", 1), x.rank());
        int[] dims = new int[x.rank() - axis];
        Arrays.fill(dims, 1);
        dims[0] = size;
        return n.reshape(parameter, dims);
    }

    /**
     * Constant scales and zero points of a tensor.
     *
     * @param scale     input of the scale
     * @param zeroPoint input of the zero point, which may be absent
     * @param shape     of the quantised tensor
     * @param axis      that several scales belong to
     */
    static Quantization parameters(OnnxNode n, int scale, int zeroPoint, Shape shape, long axis) {
        float[] scales = n.constantFloats(scale, "scale");
        int[] zeros = new int[scales.length];
        if (n.hasInput(zeroPoint)) {
            float[] given = n.constantFloats(zeroPoint, "zero point");
            if (given.length != scales.length) {
                throw new IllegalArgumentException("has " + scales.length + " scales and " + given.length + " zero points");
            }
            Arrays.setAll(zeros, i -> (int) given[i]);
        }
        for (int i = 0; i < scales.length; i++) {
            // Quantisers write 0 for a channel of zeros. Any positive scale gives the same products then.
            scales[i] = scales[i] == 0 ? Float.MIN_NORMAL : scales[i];
        }
        if (scales.length == 1) {
            return Quantization.perTensor(scales[0], zeros[0]);
        }
        return Quantization.perAxis(scales, zeros, OnnxArgs.axis(axis, shape.rank()));
    }

    /** Integers without a quantisation, for operators that count them as integers. */
    static Value raw(OnnxNode n, Value v) {
        return n.reinterpret(v, Quantization.NONE);
    }

    /** The zero point in an input: 0 when it is absent, a scalar when it is one number. */
    static Value zeroPoint(OnnxNode n, int input, Value of) {
        if (!n.hasInput(input)) {
            return n.scalar(of.type().dtype(), 0);
        }
        Value zero = raw(n, n.input(input));
        return zero.type().shape().elements() == 1 ? n.reshape(zero) : zero;
    }
}
