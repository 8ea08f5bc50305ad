package ocelli.formats.onnx;

import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import ocelli.core.graph.ArgReduce;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Compare;
import ocelli.core.graph.LogSoftmax;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;

/**
 * Functions of one tensor: element by element, and normalised along one axis.
 *
 * @see <a href="https://onnx.ai/onnx/operators/">ONNX operators</a>
 */
final class OnnxUnaryOps {
    private OnnxUnaryOps() {
    }

    static Map<String, OnnxMapper> table() {
        return Map.ofEntries(
                plain("Relu", Unary.Kind.RELU), plain("Sigmoid", Unary.Kind.LOGISTIC), plain("Tanh", Unary.Kind.TANH),
                plain("HardSwish", Unary.Kind.HARD_SWISH), plain("Mish", Unary.Kind.MISH), plain("Softplus", Unary.Kind.SOFTPLUS),
                plain("Softsign", Unary.Kind.SOFTSIGN), plain("Exp", Unary.Kind.EXP), plain("Log", Unary.Kind.LOG),
                plain("Sqrt", Unary.Kind.SQRT), plain("Reciprocal", Unary.Kind.RECIPROCAL), plain("Abs", Unary.Kind.ABS),
                plain("Neg", Unary.Kind.NEG), plain("Sign", Unary.Kind.SIGN), plain("Floor", Unary.Kind.FLOOR),
                plain("Ceil", Unary.Kind.CEIL), plain("Round", Unary.Kind.ROUND), plain("Erf", Unary.Kind.ERF),
                plain("Sin", Unary.Kind.SIN), plain("Cos", Unary.Kind.COS), plain("Tan", Unary.Kind.TAN),
                plain("Asin", Unary.Kind.ASIN), plain("Acos", Unary.Kind.ACOS), plain("Atan", Unary.Kind.ATAN),
                plain("Sinh", Unary.Kind.SINH), plain("Cosh", Unary.Kind.COSH), plain("Asinh", Unary.Kind.ASINH),
                plain("Acosh", Unary.Kind.ACOSH), plain("Atanh", Unary.Kind.ATANH),
                Map.entry("LeakyRelu", n -> apply(n, new Unary(Unary.Kind.LEAKY_RELU, n.f("alpha", 0.01f), 0))),
                Map.entry("Elu", n -> apply(n, new Unary(Unary.Kind.ELU, n.f("alpha", 1), 0))),
                Map.entry("Celu", n -> apply(n, new Unary(Unary.Kind.CELU, n.f("alpha", 1), 0))),
                Map.entry("Selu", OnnxUnaryOps::selu),
                Map.entry("HardSigmoid", n -> apply(n, new Unary(Unary.Kind.HARD_SIGMOID, n.f("alpha", 0.2f), n.f("beta", 0.5f)))),
                Map.entry("ThresholdedRelu", n -> apply(n, new Unary(Unary.Kind.THRESHOLDED_RELU, n.f("alpha", 1), 0))),
                Map.entry("Shrink", n -> apply(n, new Unary(Unary.Kind.SHRINK, n.f("bias", 0), n.f("lambd", 0.5f)))),
                Map.entry("Swish", n -> swish(n, 1)),
                Map.entry("com.microsoft.QuickGelu", n -> swish(n, 1.702f)),
                Map.entry("Gelu", OnnxUnaryOps::gelu),
                plain("com.microsoft.Gelu", Unary.Kind.GELU),
                Map.entry("com.microsoft.BiasGelu", n -> biased(n, Unary.Kind.GELU)),
                Map.entry("com.microsoft.FastGelu", n -> biased(n, Unary.Kind.GELU_TANH)),
                Map.entry("Clip", OnnxUnaryOps::clip),
                Map.entry("Softmax", n -> alongAxis(n, x -> n.emit(new Softmax(1), x))),
                Map.entry("LogSoftmax", n -> alongAxis(n, x -> n.emit(new LogSoftmax(), x))),
                Map.entry("Hardmax", n -> alongAxis(n, x -> hardmax(n, x))));
    }

    private static Map.Entry<String, OnnxMapper> plain(String name, Unary.Kind kind) {
        return Map.entry(name, n -> apply(n, new Unary(kind)));
    }

    private static void apply(OnnxNode n, Unary function) {
        n.output(0, n.emit(function, OnnxArgs.raw(n, n.input(0))));
    }

    private static void selu(OnnxNode n) {
        // Operator set 6 gave the defaults more digits.
        float alpha = n.f("alpha", n.opset() < 6 ? 1.6732f : 1.67326319217681884765625f);
        float gamma = n.f("gamma", n.opset() < 6 ? 1.0507f : 1.05070102214813232421875f);
        apply(n, new Unary(Unary.Kind.SELU, alpha, gamma));
    }

    /** x·sigmoid(alpha·x). */
    private static void swish(OnnxNode n, float otherwise) {
        float alpha = n.f("alpha", otherwise);
        if (alpha == 1) {
            apply(n, new Unary(Unary.Kind.SWISH));
            return;
        }
        Value x = n.input(0);
        Value scaled = OnnxMathOps.compute(n, Binary.Kind.MUL, x, n.scalar(x.type().dtype(), alpha));
        n.output(0, OnnxMathOps.compute(n, Binary.Kind.MUL, x, n.emit(new Unary(Unary.Kind.LOGISTIC), scaled)));
    }

    private static void gelu(OnnxNode n) {
        String approximate = n.s("approximate", "none");
        apply(n, new Unary(switch (approximate) {
            case "none" -> Unary.Kind.GELU;
            case "tanh" -> Unary.Kind.GELU_TANH;
            default -> throw new IllegalArgumentException("approximate is \"" + approximate + "\", wanted none or tanh");
        }));
    }

    /** The function of the input plus an optional bias. */
    private static void biased(OnnxNode n, Unary.Kind kind) {
        Value x = n.hasInput(1) ? OnnxMathOps.compute(n, Binary.Kind.ADD, n.input(0), n.input(1)) : OnnxArgs.raw(n, n.input(0));
        n.output(0, n.emit(new Unary(kind), x));
    }

    /** The bounds are attributes before operator set 11, and inputs since; either may be absent. */
    private static void clip(OnnxNode n) {
        Value x = OnnxArgs.raw(n, n.input(0));
        DType dtype = x.type().dtype();
        boolean attributes = n.opset() < 11;
        boolean known = attributes || (!n.hasInput(1) || n.isConstant(1)) && (!n.hasInput(2) || n.isConstant(2));
        // Bounds of a clamp are float32; those of wider types and of integers stay tensors.
        if (known && (dtype == DType.FLOAT32 || dtype == DType.FLOAT16)) {
            float low = attributes ? n.f("min", -Float.MAX_VALUE) : bound(n, 1, -Float.MAX_VALUE);
            float high = attributes ? n.f("max", Float.MAX_VALUE) : bound(n, 2, Float.MAX_VALUE);
            n.output(0, clamp(n, x, low, high));
            return;
        }
        Value y = x;
        if (attributes ? n.has("min") : n.hasInput(1)) {
            Value low = attributes ? n.scalar(dtype, n.f("min", 0)) : OnnxArgs.scalar(n, n.input(1), "min");
            y = OnnxMathOps.compute(n, Binary.Kind.MAX, y, low);
        }
        if (attributes ? n.has("max") : n.hasInput(2)) {
            Value high = attributes ? n.scalar(dtype, n.f("max", 0)) : OnnxArgs.scalar(n, n.input(2), "max");
            y = OnnxMathOps.compute(n, Binary.Kind.MIN, y, high);
        }
        n.output(0, y);
    }

    private static float bound(OnnxNode n, int input, float otherwise) {
        return n.hasInput(input) ? (float) OnnxArgs.number(n, input, input == 1 ? "min" : "max") : otherwise;
    }

    /** The clamp under its best known name; the largest numbers of the type are no bound. */
    private static Value clamp(OnnxNode n, Value x, float min, float max) {
        float low = min == -Float.MAX_VALUE ? Float.NEGATIVE_INFINITY : min;
        float high = max == Float.MAX_VALUE ? Float.POSITIVE_INFINITY : max;
        if (low == Float.NEGATIVE_INFINITY && high == Float.POSITIVE_INFINITY) {
            return x;
        }
        if (low == 0 && high == Float.POSITIVE_INFINITY) {
            return n.emit(new Unary(Unary.Kind.RELU), x);
        }
        if (low == 0 && high == 6) {
            return n.emit(new Unary(Unary.Kind.RELU6), x);
        }
        return n.emit(low == -1 && high == 1 ? new Unary(Unary.Kind.RELU_N1_TO_1) : new Unary(Unary.Kind.CLIP, low, high), x);
    }

    /**
     * A function of the last dimension along the node's axis. Before operator set 13 it saw the tensor as a matrix, with all
     * dimensions from the axis on as columns.
     */
    private static void alongAxis(OnnxNode n, UnaryOperator<Value> function) {
        Value x = OnnxArgs.raw(n, n.input(0));
        int[] dims = x.type().shape().toArray();
        int rank = dims.length;
        if (n.opset() < 13) {
            long given = n.i("axis", 1);
            int axis = given == rank ? rank : OnnxArgs.axis(given, rank);
            if (axis == rank - 1) {
                n.output(0, function.apply(x));
                return;
            }
            Value rows = n.reshape(x, OnnxArgs.product(dims, 0, axis), OnnxArgs.product(dims, axis, rank));
            n.output(0, n.reshape(function.apply(rows), dims));
            return;
        }
        int axis = OnnxArgs.axis(n.i("axis", -1), rank);
        if (axis == rank - 1) {
            n.output(0, function.apply(x));
            return;
        }
        int[] perm = IntStream.range(0, rank).map(i -> i == rank - 1 ? axis : i < axis ? i : i + 1).toArray();
        int[] back = IntStream.range(0, rank).map(i -> i == axis ? rank - 1 : i < axis ? i : i - 1).toArray();
        n.output(0, n.transpose(function.apply(n.transpose(x, perm)), back));
    }

    /** 1 at the first largest element of each row, 0 elsewhere. */
    private static Value hardmax(OnnxNode n, Value x) {
        int last = x.type().shape().rank() - 1;
        Value largest = n.emit(new ArgReduce(true, last, true, false), DType.INT64, x);
        Value hit = n.emit(new Compare(Compare.Kind.EQUAL), DType.BOOL, largest, OnnxArgs.ramp(n, 0, x.type().shape().dim(last)));
        return OnnxArgs.cast(n, hit, x.type().dtype());
    }
}
