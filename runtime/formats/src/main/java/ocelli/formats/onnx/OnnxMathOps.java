package ocelli.formats.onnx;

import java.util.Arrays;
import java.util.Map;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Expand;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;

/**
 * Arithmetic of two and more tensors, and the operators that leave numbers as they are.
 *
 * @see <a href="https://onnx.ai/onnx/operators/">ONNX operators</a>
 */
final class OnnxMathOps {
    private OnnxMathOps() {
    }

    static Map<String, OnnxMapper> table() {
        return Map.ofEntries(
                Map.entry("Add", n -> binary(n, Binary.Kind.ADD)),
                Map.entry("Sub", n -> binary(n, Binary.Kind.SUB)),
                Map.entry("Mul", n -> binary(n, Binary.Kind.MUL)),
                Map.entry("Div", n -> binary(n, Binary.Kind.DIV)),
                Map.entry("Pow", OnnxMathOps::pow),
                Map.entry("Mod", n -> binary(n, n.i("fmod", 0) == 0 ? Binary.Kind.MOD : Binary.Kind.FMOD)),
                Map.entry("BitShift", OnnxMathOps::shift),
                Map.entry("Min", n -> n.output(0, variadic(n, Binary.Kind.MIN))),
                Map.entry("Max", n -> n.output(0, variadic(n, Binary.Kind.MAX))),
                Map.entry("Sum", n -> n.output(0, variadic(n, Binary.Kind.ADD))),
                Map.entry("Mean", OnnxMathOps::mean),
                Map.entry("PRelu", OnnxMathOps::prelu),
                Map.entry("Identity", n -> n.output(0, n.input(0))),
                Map.entry("Dropout", OnnxMathOps::dropout),
                Map.entry("Cast", n -> n.output(0, OnnxArgs.cast(n, n.input(0), n.dtype(n.i("to", 0))))),
                Map.entry("CastLike", n -> n.output(0, OnnxArgs.cast(n, n.input(0), n.input(1).type().dtype()))),
                Map.entry("Einsum", OnnxEinsum::map));
    }

    /** One node on plain numbers. */
    static Value compute(OnnxNode n, Binary.Kind kind, Value a, Value b) {
        return n.emit(new Binary(kind, Activation.NONE), OnnxArgs.raw(n, a), OnnxArgs.raw(n, b));
    }

    private static void binary(OnnxNode n, Binary.Kind kind) {
        n.output(0, compute(n, kind, n.input(0), OnnxArgs.aligned(n, n.input(0), n.input(1))));
    }

    /** A square is a product, with the same rounding. */
    private static void pow(OnnxNode n) {
        Value x = n.input(0);
        Value exponent = n.input(1);
        boolean square = x.type().dtype() == DType.FLOAT32 && n.isConstant(1) && exponent.type().shape().elements() == 1
                && exponent.type().shape().rank() <= x.type().shape().rank() && OnnxArgs.number(n, 1, "exponent") == 2;
        if (square) {
            n.output(0, compute(n, Binary.Kind.MUL, x, x));
        } else {
            binary(n, Binary.Kind.POW);
        }
    }

    private static void shift(OnnxNode n) {
        String direction = n.s("direction", "");
        binary(n, switch (direction) {
            case "LEFT" -> Binary.Kind.SHIFT_LEFT;
            case "RIGHT" -> Binary.Kind.SHIFT_RIGHT;
            default -> throw new IllegalArgumentException("direction is \"" + direction + "\", wanted LEFT or RIGHT");
        });
    }

    private static Value variadic(OnnxNode n, Binary.Kind kind) {
        Value result = n.input(0);
        for (int i = 1; i < n.inputs(); i++) {
            result = compute(n, kind, result, n.input(i));
        }
        return result;
    }

    private static void mean(OnnxNode n) {
        Value sum = variadic(n, Binary.Kind.ADD);
        n.output(0, compute(n, Binary.Kind.MUL, sum, n.scalar(sum.type().dtype(), 1.0 / n.inputs())));
    }

    private static void prelu(OnnxNode n) {
        Value x = OnnxArgs.raw(n, n.input(0));
        Value slope = OnnxArgs.raw(n, n.input(1));
        int rank = x.type().shape().rank();
        if (n.opset() < 7 && slope.type().shape().elements() > 1 && rank > 2) {
            // One slope for each channel, which stand in dimension 1; since operator set 7 the slope broadcasts as all do.
            int[] dims = new int[rank - 1];
            Arrays.fill(dims, 1);
            dims[0] = slope.type().shape().elements();
            slope = n.reshape(slope, dims);
        }
        n.output(0, n.emit(new PRelu(), x, slope));
    }

    /** Nothing is dropped when a network is not trained; the mask of what was kept is all true. */
    private static void dropout(OnnxNode n) {
        if (n.hasInput(2) && OnnxArgs.number(n, 2, "training_mode") != 0 && (!n.hasInput(1) || OnnxArgs.number(n, 1, "ratio") != 0)) {
            throw n.unsupported("training mode, which drops at random");
        }
        n.output(0, n.input(0));
        if (n.hasOutput(1)) {
            DType mask = n.opset() < 10 ? n.input(0).type().dtype() : DType.BOOL;
            n.output(1, n.emit(new Expand(n.input(0).type().shape()), n.scalar(mask, 1)));
        }
    }
}
