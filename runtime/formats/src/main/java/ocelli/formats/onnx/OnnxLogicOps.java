package ocelli.formats.onnx;

import java.util.Map;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Compare;
import ocelli.core.graph.Expand;
import ocelli.core.graph.Select;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;

/**
 * Comparisons, and arithmetic of truth values.
 *
 * @see <a href="https://onnx.ai/onnx/operators/">ONNX operators</a>
 */
final class OnnxLogicOps {
    private OnnxLogicOps() {
    }

    static Map<String, OnnxMapper> table() {
        return Map.ofEntries(
                Map.entry("Equal", n -> compare(n, Compare.Kind.EQUAL)),
                Map.entry("Less", n -> compare(n, Compare.Kind.LESS)),
                Map.entry("LessOrEqual", n -> compare(n, Compare.Kind.LESS_OR_EQUAL)),
                Map.entry("Greater", n -> compare(n, Compare.Kind.GREATER)),
                Map.entry("GreaterOrEqual", n -> compare(n, Compare.Kind.GREATER_OR_EQUAL)),
                Map.entry("And", n -> logic(n, Binary.Kind.AND)),
                Map.entry("Or", n -> logic(n, Binary.Kind.OR)),
                Map.entry("Xor", n -> logic(n, Binary.Kind.XOR)),
                Map.entry("Not", n -> n.output(0, n.emit(new Unary(Unary.Kind.NOT), n.input(0)))),
                Map.entry("Where", OnnxLogicOps::where),
                Map.entry("IsNaN", n -> n.output(0, compute(n, Compare.Kind.NOT_EQUAL, n.input(0), n.input(0)))),
                Map.entry("IsInf", OnnxLogicOps::isInf));
    }

    /** One comparison of plain numbers. */
    static Value compute(OnnxNode n, Compare.Kind kind, Value a, Value b) {
        return n.emit(new Compare(kind), DType.BOOL, OnnxArgs.raw(n, a), OnnxArgs.raw(n, b));
    }

    private static void compare(OnnxNode n, Compare.Kind kind) {
        n.output(0, compute(n, kind, n.input(0), OnnxArgs.aligned(n, n.input(0), n.input(1))));
    }

    private static void logic(OnnxNode n, Binary.Kind kind) {
        n.output(0, n.emit(new Binary(kind, Activation.NONE), n.input(0), OnnxArgs.aligned(n, n.input(0), n.input(1))));
    }

    private static void where(OnnxNode n) {
        Value[] branches = OnnxArgs.alike(n, n.input(1), n.input(2));
        n.output(0, n.emit(new Select(), branches[0].type(), n.input(0), branches[0], branches[1]));
    }

    private static void isInf(OnnxNode n) {
        Value x = n.input(0);
        DType dtype = x.type().dtype();
        boolean negative = n.i("detect_negative", 1) != 0;
        boolean positive = n.i("detect_positive", 1) != 0;
        if (!negative && !positive) {
            n.output(0, n.emit(new Expand(x.type().shape()), n.scalar(DType.BOOL, 0)));
            return;
        }
        Value looked = negative && positive ? n.emit(new Unary(Unary.Kind.ABS), x) : x;
        double infinity = positive ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        n.output(0, compute(n, Compare.Kind.EQUAL, looked, n.scalar(dtype, infinity)));
    }
}
