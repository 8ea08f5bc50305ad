package ocelli.formats.onnx;

import static ocelli.core.tensor.DType.FLOAT32;
import static ocelli.core.tensor.DType.INT32;
import static ocelli.formats.onnx.OneNode.dims;
import static ocelli.formats.onnx.OneNode.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import ocelli.core.graph.Op;
import ocelli.core.graph.Unary;
import ocelli.core.model.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Functions of one tensor against their formulas. */
class OnnxUnaryOpsTest {
    private static final double[] POINTS = {0.25, 0.5, 0.75};
    private static final double[] ABOVE_ONE = {1, 1.5, 4};
    private static final double[] AROUND = {-7, -2.5, -1, -0.25, 0, 0.25, 1, 3.5, 8};

    private static Arguments row(String op, Map<String, Float> attributes, double[] at, DoubleUnaryOperator f) {
        return Arguments.of(op, attributes, at, f);
    }

    private static Arguments row(String op, double[] at, DoubleUnaryOperator f) {
        return row(op, Map.of(), at, f);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    static Stream<Arguments> functions() {
        return Stream.of(
                row("Relu", AROUND, x -> Math.max(x, 0)), row("Sigmoid", AROUND, x -> sigmoid(x)), row("Tanh", AROUND, Math::tanh),
                row("HardSwish", AROUND, x -> x * Math.clamp(x / 6 + 0.5, 0, 1)),
                row("Mish", AROUND, x -> x * Math.tanh(Math.log1p(Math.exp(x)))), row("Softplus", AROUND, x -> Math.log1p(Math.exp(x))),
                row("Softsign", AROUND, x -> x / (1 + Math.abs(x))), row("Exp", AROUND, Math::exp), row("Log", ABOVE_ONE, Math::log),
                row("Sqrt", ABOVE_ONE, Math::sqrt), row("Reciprocal", ABOVE_ONE, x -> 1 / x), row("Abs", AROUND, Math::abs),
                row("Neg", AROUND, x -> -x), row("Sign", AROUND, Math::signum), row("Floor", AROUND, Math::floor),
                row("Ceil", AROUND, Math::ceil),
                row("Round", AROUND, Math::rint), row("Sin", AROUND, Math::sin), row("Cos", AROUND, Math::cos),
                row("Tan", POINTS, Math::tan),
                row("Asin", POINTS, Math::asin), row("Acos", POINTS, Math::acos), row("Atan", AROUND, Math::atan),
                row("Sinh", POINTS, Math::sinh),
                row("Cosh", POINTS, Math::cosh), row("Asinh", AROUND, x -> Math.log(x + Math.sqrt(x * x + 1))),
                row("Acosh", ABOVE_ONE, x -> Math.log(x + Math.sqrt(x * x - 1))),
                row("Atanh", POINTS, x -> 0.5 * Math.log((1 + x) / (1 - x))),
                row("LeakyRelu", AROUND, x -> x < 0 ? 0.01 * x : x),
                row("LeakyRelu", Map.of("alpha", 0.5f), AROUND, x -> x < 0 ? 0.5 * x : x),
                row("Elu", AROUND, x -> x < 0 ? Math.exp(x) - 1 : x),
                row("Elu", Map.of("alpha", 2f), AROUND, x -> x < 0 ? 2 * (Math.exp(x) - 1) : x),
                row("Celu", Map.of("alpha", 2f), AROUND, x -> Math.max(0, x) + Math.min(0, 2 * (Math.exp(x / 2) - 1))),
                row("Selu", AROUND, x -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.exp(x) - 1))),
                row("Selu", Map.of("alpha", 2f, "gamma", 3f), AROUND, x -> 3 * (x > 0 ? x : 2 * (Math.exp(x) - 1))),
                row("HardSigmoid", AROUND, x -> Math.clamp(0.2 * x + 0.5, 0, 1)),
                row("HardSigmoid", Map.of("alpha", 0.5f, "beta", 0.25f), AROUND, x -> Math.clamp(0.5 * x + 0.25, 0, 1)),
                row("ThresholdedRelu", AROUND, x -> x > 1 ? x : 0),
                row("Shrink", Map.of("bias", 0.125f, "lambd", 1.5f), AROUND, x -> x < -1.5 ? x + 0.125 : x > 1.5 ? x - 0.125 : 0),
                row("Swish", AROUND, x -> x * sigmoid(x)), row("Swish", Map.of("alpha", 2f), AROUND, x -> x * sigmoid(2 * x)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("functions")
    void functionsOfOneElement(String op, Map<String, Float> attributes, double[] at, DoubleUnaryOperator f) {
        double[] wanted = Arrays.stream(at).map(f).toArray();
        OneNode n = new OneNode(op, 22).feed(tensor(FLOAT32, dims(at.length), at));
        attributes.forEach(n::attribute);
        n.gives(FLOAT32, dims(at.length), wanted);
    }

    @Test
    void errorFunctionAndWhatIsMadeOfIt() {
        new OneNode("Erf", 13).feed(tensor(FLOAT32, dims(3), 0, 0.5, -2)).gives(FLOAT32, dims(3), 0, 0.5204998778, -0.9953222650);
        new OneNode("Gelu", 20).feed(tensor(FLOAT32, dims(2), 1, -1)).gives(FLOAT32, dims(2), 0.8413447461, -0.1586552539);
        new OneNode("Gelu", 20).attribute("approximate", "tanh").feed(tensor(FLOAT32, dims(2), 1, -1))
                .gives(FLOAT32, dims(2), 0.8411919906, -0.1588080094);
        new OneNode("Gelu", 20).attribute("approximate", "sin").feed(tensor(FLOAT32, dims(1), 1))
                .fails(ModelFormatException.class, "approximate");
    }

    @Test
    void functionsOfMicrosoft() {
        new OneNode("com.microsoft.Gelu", 13).feed(tensor(FLOAT32, dims(1), 1)).gives(FLOAT32, dims(1), 0.8413447461);
        new OneNode("com.microsoft.BiasGelu", 13).feed(tensor(FLOAT32, dims(1), 3)).feed(tensor(FLOAT32, dims(1), -2))
                .gives(FLOAT32, dims(1), 0.8413447461);
        new OneNode("com.microsoft.FastGelu", 13).feed(tensor(FLOAT32, dims(1), 1)).gives(FLOAT32, dims(1), 0.8411919906);
        new OneNode("com.microsoft.QuickGelu", 13).feed(tensor(FLOAT32, dims(1), 1)).gives(FLOAT32, dims(1), sigmoid(1.702));
    }

    private static Op onlyOp(OneNode n) {
        assertEquals(1, n.graph().nodes().size());
        return n.graph().nodes().getFirst().op();
    }

    @Test
    void constantBoundsAreOneClamp() {
        assertEquals(new Unary(Unary.Kind.RELU6), onlyOp(new OneNode("Clip", 6).attribute("min", 0f).attribute("max", 6f)
                .feed(tensor(FLOAT32, dims(1), 7))));
        OneNode inputs = new OneNode("Clip", 13).feed(tensor(FLOAT32, dims(3), -7, 0, 7));
        inputs.fix(tensor(FLOAT32, dims(), -2)).fix(tensor(FLOAT32, dims(), 3)).gives(FLOAT32, dims(3), -2, 0, 3);
        assertEquals(new Unary(Unary.Kind.CLIP, -2, 3), onlyOp(inputs));
        OneNode upper = new OneNode("Clip", 13).feed(tensor(FLOAT32, dims(2), -7, 7)).absent().fix(tensor(FLOAT32, dims(), 3));
        upper.gives(FLOAT32, dims(2), -7, 3);
        assertEquals(new Unary(Unary.Kind.RELU),
                onlyOp(new OneNode("Clip", 13).feed(tensor(FLOAT32, dims(1), 7)).fix(tensor(FLOAT32, dims(), 0))));
    }

    @Test
    void otherBoundsAreMinimumAndMaximum() {
        new OneNode("Clip", 13).feed(tensor(INT32, dims(3), -7, 0, 7)).fix(tensor(INT32, dims(), -2)).fix(tensor(INT32, dims(), 3))
                .gives(INT32, dims(3), -2, 0, 3);
        new OneNode("Clip", 13).feed(tensor(FLOAT32, dims(3), -7, 0, 7)).feed(tensor(FLOAT32, dims(), -2)).feed(tensor(FLOAT32, dims(), 3))
                .gives(FLOAT32, dims(3), -2, 0, 3);
        new OneNode("Clip", 13).feed(tensor(INT32, dims(2), -7, 7)).gives(INT32, dims(2), -7, 7);
    }

    private static final double LOW = 1 / (1 + Math.E);
    private static final double HIGH = Math.E / (1 + Math.E);

    @Test
    void softmaxGoesAlongOneAxis() {
        OneNode first = new OneNode("Softmax", 13).attribute("axis", 0).feed(tensor(FLOAT32, dims(2, 2, 1), 1, 2, 2, 1));
        first.gives(FLOAT32, dims(2, 2, 1), LOW, HIGH, HIGH, LOW);
        new OneNode("Softmax", 13).feed(tensor(FLOAT32, dims(1, 2), 1, 2)).gives(FLOAT32, dims(1, 2), LOW, HIGH);
        new OneNode("LogSoftmax", 13).feed(tensor(FLOAT32, dims(1, 2), 1, 2)).gives(FLOAT32, dims(1, 2), Math.log(LOW), Math.log(HIGH));
    }

    @Test
    void softmaxOfOldOperatorSetsSeesAMatrix() {
        OneNode whole = new OneNode("Softmax", 11).attribute("axis", 1).feed(tensor(FLOAT32, dims(1, 2, 2), 1, 1, 1, 1));
        whole.gives(FLOAT32, dims(1, 2, 2), 0.25, 0.25, 0.25, 0.25);
        new OneNode("Softmax", 11).feed(tensor(FLOAT32, dims(1, 2, 1, 1), 1, 2)).gives(FLOAT32, dims(1, 2, 1, 1), LOW, HIGH);
        new OneNode("Softmax", 13).attribute("axis", 3).feed(tensor(FLOAT32, dims(2, 2), 1, 1, 1, 1))
                .fails(ModelFormatException.class, "axis is 3");
    }

    @Test
    void hardmaxTakesTheFirstLargest() {
        new OneNode("Hardmax", 13).attribute("axis", 0).feed(tensor(FLOAT32, dims(2, 3), 3, 1, 1, 2, 1, 5))
                .gives(FLOAT32, dims(2, 3), 1, 1, 0, 0, 0, 1);
    }
}
