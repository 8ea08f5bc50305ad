package ocelli.formats.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ocelli.formats.NotSupported;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Compare;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.DynamicQuantize;
import ocelli.core.graph.LogSoftmax;
import ocelli.core.graph.Node;
import ocelli.core.graph.Normalize;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Select;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** Writes nodes: the elementwise and quantising ones here, the others in the writers beside it. */
final class OnnxNodeWriter {
    private final OnnxFile file;
    private final OnnxNames names;
    private final OnnxWindowWriter windows;
    private final OnnxMovementWriter movements;

    OnnxNodeWriter(OnnxFile file, OnnxNames names) {
        this.file = file;
        this.names = names;
        this.windows = new OnnxWindowWriter(this, file, names);
        this.movements = new OnnxMovementWriter(this, file, names);
    }

    /** Writes one node; throws NotSupported when ONNX has nothing like it. */
    void write(Node n) {
        switch (n.op()) {
            case Unary u -> bind(n, unary(u, n, names.real(n.input(0))));
            case Binary b -> bind(n, clamp(n, binary(b, n), b.activation()));
            case Compare c -> bind(n, compare(c, n));
            case Select _ -> bind(n, emit(n, "Where", Map.of(), reals(n)));
            case PRelu _ -> bind(n, emit(n, "PRelu", Map.of(), reals(n)));
            case Softmax s -> bind(n, softmax(s, n));
            case LogSoftmax _ -> bind(n, emit(n, "LogSoftmax", Map.of("axis", -1), reals(n)));
            case Normalize norm -> bind(n, normalize(norm, n));
            case Quantize _ -> bind(n, names.real(n.input(0)));
            case Dequantize _ -> bind(n, dequantize(n));
            case Reinterpret _ -> names.set(n.output(), names.of(n.input(0)));
            case DynamicQuantize _ -> bindAll(n, emit(n, 3, "DynamicQuantizeLinear", Map.of(), names.of(n.input(0))));
            default -> {
                if (!windows.write(n)) {
                    movements.write(n);
                }
            }
        }
    }

    /** A new tensor made by an ONNX operator, named after the node's output. */
    String emit(Node n, String op, Map<String, Object> attributes, String... inputs) {
        return emit(n, 1, op, attributes, inputs).getFirst();
    }

    List<String> emit(Node n, int outputs, String op, Map<String, Object> attributes, String... inputs) {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            made.add(file.unique(n.outputs().get(Math.min(i, n.outputs().size() - 1)).name()));
        }
        file.node(op, List.of(inputs), made, attributes);
        return made;
    }

    /** Real numbers in this tensor are the node's output; a quantised one is quantised. */
    void bind(Node n, String tensor) {
        bind(n.output(), tensor, false);
    }

    void bindAll(Node n, List<String> tensors) {
        for (int i = 0; i < tensors.size(); i++) {
            bind(n.outputs().get(i), tensors.get(i), false);
        }
    }

    /** @param planar whether the tensor is in NCHW order */
    void bind(Value v, String tensor, boolean planar) {
        String bound = tensor;
        if (v.type().isQuantized8()) {
            bound = file.unique(v.name());
            names.quantize(tensor, v.type(), bound);
        }
        if (planar) {
            names.setPlanar(v, bound);
        } else {
            names.set(v, bound);
        }
    }

    /** All inputs as real numbers. */
    String[] reals(Node n) {
        return n.inputs().stream().map(names::real).toArray(String[]::new);
    }

    /** A fused activation as a node of its own. */
    String clamp(Node n, String tensor, Activation a) {
        if (a.isNone()) {
            return tensor;
        }
        if (a.function().isPresent()) {
            return unary(a.function().get(), n, tensor);
        }
        return a.equals(Activation.RELU) ? emit(n, "Relu", Map.of(), tensor) : clip(n, tensor, a.min(), a.max());
    }

    private String clip(Node n, String x, float min, float max) {
        return emit(n, "Clip", Map.of(), x, Float.isInfinite(min) ? "" : file.scalar("min", min), Float.isInfinite(max) ? "" : file.scalar("max", max));
    }

    private String binary(Binary b, Node n) {
        String[] in = reals(n);
        return switch (b.kind()) {
            case ADD -> emit(n, "Add", Map.of(), in);
            case SUB -> emit(n, "Sub", Map.of(), in);
            case MUL -> emit(n, "Mul", Map.of(), in);
            case DIV -> emit(n, "Div", Map.of(), in);
            case POW -> emit(n, "Pow", Map.of(), in);
            case MIN -> emit(n, "Min", Map.of(), in);
            case MAX -> emit(n, "Max", Map.of(), in);
            case MOD -> {
                if (n.input(0).type().dtype().isFloat()) {
                    throw new NotSupported("ONNX has the divisor's sign for integers only");
                }
                yield emit(n, "Mod", Map.of(), in);
            }
            case FMOD -> emit(n, "Mod", Map.of("fmod", 1), in);
            case SHIFT_LEFT -> emit(n, "BitShift", Map.of("direction", "LEFT"), in);
            case SHIFT_RIGHT -> emit(n, "BitShift", Map.of("direction", "RIGHT"), in);
            case AND -> emit(n, "And", Map.of(), in);
            case OR -> emit(n, "Or", Map.of(), in);
            case XOR -> emit(n, "Xor", Map.of(), in);
        };
    }

    private String compare(Compare c, Node n) {
        String[] in = reals(n);
        return switch (c.kind()) {
            case EQUAL -> emit(n, "Equal", Map.of(), in);
            case NOT_EQUAL -> emit(n, "Not", Map.of(), emit(n, "Equal", Map.of(), in));
            case LESS -> emit(n, "Less", Map.of(), in);
            case LESS_OR_EQUAL -> emit(n, "LessOrEqual", Map.of(), in);
            case GREATER -> emit(n, "Greater", Map.of(), in);
            case GREATER_OR_EQUAL -> emit(n, "GreaterOrEqual", Map.of(), in);
        };
    }

    private String unary(Unary u, Node n, String x) {
        float a = u.alpha();
        float b = u.beta();
        return switch (u.kind()) {
            case RELU -> emit(n, "Relu", Map.of(), x);
            case RELU6 -> clip(n, x, 0, 6);
            case RELU_N1_TO_1 -> clip(n, x, -1, 1);
            case CLIP -> clip(n, x, a, b);
            case LOGISTIC -> emit(n, "Sigmoid", Map.of(), x);
            case TANH -> emit(n, "Tanh", Map.of(), x);
            case HARD_SWISH -> emit(n, "HardSwish", Map.of(), x);
            case SWISH -> emit(n, "Mul", Map.of(), x, emit(n, "Sigmoid", Map.of(), x));
            case MISH -> emit(n, "Mul", Map.of(), x, emit(n, "Tanh", Map.of(), emit(n, "Softplus", Map.of(), x)));
            case GELU -> half(n, x, emit(n, "Erf", Map.of(), emit(n, "Mul", Map.of(), x, file.scalar("c", (float) Math.sqrt(0.5)))));
            case GELU_TANH -> {
                String cube = emit(n, "Mul", Map.of(), emit(n, "Mul", Map.of(), x, x), x);
                String inner = emit(n, "Add", Map.of(), x, emit(n, "Mul", Map.of(), cube, file.scalar("c", 0.044715f)));
                yield half(n, x, emit(n, "Tanh", Map.of(), emit(n, "Mul", Map.of(), inner, file.scalar("c", (float) Math.sqrt(2 / Math.PI)))));
            }
            case LEAKY_RELU -> emit(n, "LeakyRelu", Map.of("alpha", a), x);
            case ELU -> emit(n, "Elu", Map.of("alpha", a), x);
            case CELU -> emit(n, "Celu", Map.of("alpha", a), x);
            case SELU -> emit(n, "Selu", Map.of("alpha", a, "gamma", b), x);
            case HARD_SIGMOID -> emit(n, "HardSigmoid", Map.of("alpha", a, "beta", b), x);
            case THRESHOLDED_RELU -> emit(n, "ThresholdedRelu", Map.of("alpha", a), x);
            case SHRINK -> emit(n, "Shrink", Map.of("bias", a, "lambd", b), x);
            case SOFTPLUS -> emit(n, "Softplus", Map.of(), x);
            case SOFTSIGN -> emit(n, "Softsign", Map.of(), x);
            // The others bear ONNX's names.
            case EXP, LOG, SQRT, RECIPROCAL, ABS, NEG, SIGN, FLOOR, CEIL, ROUND, ERF, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, ASINH,
                    ACOSH, ATANH -> emit(n, u.name(), Map.of(), x);
            case NOT -> emit(n, "Not", Map.of(), x);
        };
    }

    /** ½·x·(1 + y). */
    private String half(Node n, String x, String y) {
        return emit(n, "Mul", Map.of(), emit(n, "Mul", Map.of(), x, file.scalar("half", 0.5f)), emit(n, "Add", Map.of(), y, file.scalar("one", 1)));
    }

    private String softmax(Softmax op, Node n) {
        String x = op.beta() == 1 ? names.real(n.input(0)) : emit(n, "Mul", Map.of(), names.real(n.input(0)), file.scalar("beta", op.beta()));
        // With a quantised result ONNX Runtime 1.26 would fuse a softmax of rank 3 or more into a kernel that swaps its channels.
        return n.output().type().isQuantized8() && n.output().type().shape().rank() > 2
                ? emit(n, "Exp", Map.of(), emit(n, "LogSoftmax", Map.of("axis", -1), x)) : emit(n, "Softmax", Map.of("axis", -1), x);
    }

    private String normalize(Normalize op, Node n) {
        String x = names.real(n.input(0));
        String axes = file.ints("axes", op.axes());
        String centred = emit(n, "Sub", Map.of(), x, emit(n, "ReduceMean", Map.of(), x, axes));
        String variance = emit(n, "ReduceMean", Map.of(), emit(n, "Mul", Map.of(), centred, centred), axes);
        String deviation = emit(n, "Sqrt", Map.of(), emit(n, "Add", Map.of(), variance, file.scalar("epsilon", op.epsilon())));
        return emit(n, "Div", Map.of(), centred, deviation);
    }

    private String dequantize(Node n) {
        TensorType t = n.input(0).type();
        if (t.dtype() == DType.FLOAT16 || t.quant().isNone()) {
            return emit(n, "Cast", Map.of("to", OnnxFile.code(n.output().type().dtype())), names.of(n.input(0)));
        }
        return t.isQuantized8() ? names.real(n.input(0)) : names.dequantize(names.of(n.input(0)), t, t.quant().axis(), n.input(0).name());
    }
}
