package ocelli.formats.onnx;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;

/**
 * Rearranges weights. Those that a Dequantize makes from integers are rearranged before it, so that the integers are constants in
 * the order of the core operator and the Dequantize stands right before it.
 */
final class OnnxWeights {
    private OnnxWeights() {
    }

    /** True for a constant, and for one that is dequantised. */
    static boolean isConstant(OnnxNode n, Value v) {
        return v.isConstant() || quantized(n, v) != null;
    }

    private static Value quantized(OnnxNode n, Value v) {
        Node producer = n.producer(v);
        return producer != null && producer.op() instanceof Dequantize && producer.input(0).isConstant() ? producer.input(0) : null;
    }

    private static Value rearrange(OnnxNode n, Value v, UnaryOperator<Value> how) {
        Value integers = quantized(n, v);
        if (integers == null) {
            return how.apply(v);
        }
        Value moved = how.apply(integers);
        return moved == integers ? v : n.emit(new Dequantize(), DType.FLOAT32, moved);
    }

    static Value transpose(OnnxNode n, Value v, int... perm) {
        return rearrange(n, v, w -> n.transpose(w, perm));
    }

    static Value reshape(OnnxNode n, Value v, int... dims) {
        return rearrange(n, v, w -> n.reshape(w, dims));
    }

    /** Weights [O,C/g,k…] of a convolution over a line or a plane as [O,kH,kW,C/g]. */
    static Value convolution(OnnxNode n, Value w) {
        return transpose(n, plane(n, w), 0, 2, 3, 1);
    }

    /** Weights [C·m,1,k…] of a depthwise convolution as [1,kH,kW,C·m]. */
    static Value depthwise(OnnxNode n, Value w) {
        return transpose(n, plane(n, w), 1, 2, 3, 0);
    }

    /** Weights [C,O/g,k…] of a transposed convolution as [O,kH,kW,C/g]. */
    static Value transposed(OnnxNode n, Value w, int groups) {
        Value plane = plane(n, w);
        if (groups == 1) {
            return transpose(n, plane, 1, 2, 3, 0);
        }
        Shape s = plane.type().shape();
        int in = s.dim(0) / groups;
        Value grouped = reshape(n, plane, groups, in, s.dim(1), s.dim(2), s.dim(3));
        return reshape(n, transpose(n, grouped, 0, 2, 3, 4, 1), groups * s.dim(1), s.dim(2), s.dim(3), in);
    }

    /** Weights over a line get the height 1. */
    private static Value plane(OnnxNode n, Value w) {
        Shape s = w.type().shape();
        return s.rank() == 3 ? reshape(n, w, s.dim(0), s.dim(1), 1, s.dim(2)) : w;
    }

    /** A bias as a vector. */
    static Value vector(OnnxNode n, Value v) {
        return reshape(n, v, v.type().shape().elements());
    }

    /** @throws ocelli.formats.NotSupported when a value is not float32 */
    static void requireFloats(OnnxNode n, Value... values) {
        if (Arrays.stream(values).anyMatch(v -> v.type().dtype() != DType.FLOAT32)) {
            throw n.unsupported("of " + Arrays.stream(values).map(v -> v.type().toString()).toList() + ", wanted float32");
        }
    }
}
