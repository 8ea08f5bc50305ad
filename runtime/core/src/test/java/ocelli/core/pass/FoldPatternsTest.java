package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FoldPatternsTest {
    private static final Unary HARD_SIGMOID = new Unary(Unary.Kind.HARD_SIGMOID, 1 / 6f, 0.5f);
    private static final double ERF_SCALE = Math.sqrt(0.5);

    private final List<String> log = new ArrayList<>();

    /** A network in the making with short names for its nodes. */
    private static final class Net {
        final TestGraph g = new TestGraph();
        final Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 3, 5));
        private int names;

        Value number(double c) {
            return g.floats("c" + names++, new int[0], (float) c);
        }

        Value binary(Binary.Kind kind, Value a, Value b) {
            return a.isConstant() ? g.node("n" + names++, new Binary(kind, Activation.NONE), b.type().dtype(), b.type().quant(), a, b)
                    : g.node("n" + names++, new Binary(kind, Activation.NONE), a, b);
        }

        Value mul(Value a, Value b) {
            return binary(Binary.Kind.MUL, a, b);
        }

        Value add(Value a, double c) {
            return binary(Binary.Kind.ADD, a, number(c));
        }

        Value unary(Unary.Kind kind, Value a) {
            return g.node("n" + names++, new Unary(kind), a);
        }

        /** clip(x + 3, 0, 6). */
        Value clipped(Value a) {
            return g.node("n" + names++, new Unary(Unary.Kind.CLIP, 0, 6), add(a, 3));
        }

        Value errorGate(Value a) {
            return add(unary(Unary.Kind.ERF, mul(a, number(ERF_SCALE))), 1);
        }
    }

    private static Arguments pattern(String what, Unary wanted, BiFunction<Net, Value, Value> spelled) {
        return Arguments.of(what, wanted, spelled);
    }

    static Stream<Arguments> patterns() {
        Unary swish = new Unary(Unary.Kind.SWISH);
        Unary hardSwish = new Unary(Unary.Kind.HARD_SWISH);
        Unary gelu = new Unary(Unary.Kind.GELU);
        return Stream.of(
                pattern("x·logistic(x)", swish, (n, x) -> n.mul(x, n.unary(Unary.Kind.LOGISTIC, x))),
                pattern("logistic(x)·x", swish, (n, x) -> n.mul(n.unary(Unary.Kind.LOGISTIC, x), x)),
                pattern("x·hardsigmoid(x)", hardSwish, (n, x) -> n.mul(x, n.g.node("h", HARD_SIGMOID, x))),
                pattern("(x·clip)/6", hardSwish, (n, x) -> n.mul(n.mul(x, n.clipped(x)), n.number(1 / 6.0))),
                pattern("6⁻¹·(clip·x)", hardSwish, (n, x) -> n.mul(n.number(1 / 6.0), n.mul(n.clipped(x), x))),
                pattern("x·(clip/6)", hardSwish, (n, x) -> n.mul(x, n.mul(n.clipped(x), n.number(1 / 6.0)))),
                pattern("(x/6)·clip", hardSwish, (n, x) -> n.mul(n.mul(x, n.number(1 / 6.0)), n.clipped(x))),
                pattern("(x/2)·(clip/3)", hardSwish, (n, x) -> n.mul(n.mul(x, n.number(0.5)), n.mul(n.clipped(x), n.number(1 / 3.0)))),
                pattern("relu6", hardSwish, (n, x) -> n.mul(n.mul(x, n.unary(Unary.Kind.RELU6, n.add(x, 3))), n.number(1 / 6.0))),
                pattern("3 + x", hardSwish, (n, x) -> n.mul(n.mul(x, n.unary(Unary.Kind.RELU6, n.binary(Binary.Kind.ADD, n.number(3), x))),
                        n.number(1 / 6.0))),
                pattern("fused relu6", hardSwish, (n, x) -> n.mul(n.mul(x, n.g.node("s", new Binary(Binary.Kind.ADD, Activation.RELU6), x,
                        n.number(3))), n.number(1 / 6.0))),
                pattern("clip/6", HARD_SIGMOID, (n, x) -> n.mul(n.clipped(x), n.number(1 / 6.0))),
                pattern("mish", new Unary(Unary.Kind.MISH), (n, x) -> n.mul(x, n.unary(Unary.Kind.TANH, n.unary(Unary.Kind.SOFTPLUS, x)))),
                pattern("(x·(1 + erf))/2", gelu, (n, x) -> n.mul(n.mul(x, n.errorGate(x)), n.number(0.5))),
                pattern("(x/2)·(1 + erf)", gelu, (n, x) -> n.mul(n.mul(x, n.number(0.5)), n.errorGate(x))),
                pattern("x·((1 + erf)/2)", gelu, (n, x) -> n.mul(x, n.mul(n.errorGate(x), n.number(0.5)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("patterns")
    void becomesOneFunction(String what, Unary wanted, BiFunction<Net, Value, Value> spelled) {
        Net n = new Net();
        Value before = n.unary(Unary.Kind.NEG, n.x);
        Value y = spelled.apply(n, before);
        Graph source = n.g.outputs(y);
        Graph out = new FoldPatterns().apply(source, log::add);
        assertEquals(2, out.nodes().size(), out.nodes().toString());
        Node node = out.nodes().get(1);
        assertEquals(wanted, node.op());
        assertSame(before, node.input(0));
        assertSame(y, node.output());
        Runs.agree(source, out, 1e-6);
        int nodes = source.nodes().size() - 1;
        assertEquals("%d nodes into %s, a %s".formatted(log.size() == 1 ? nodes : 2, node.name(), wanted.name()), log.getLast());
        assertSame(out, new FoldPatterns().apply(out, log::add));
    }

    static Stream<Arguments> others() {
        return Stream.of(
                pattern("another constant", null, (n, x) -> n.mul(n.mul(x, n.clipped(x)), n.number(1 / 5.0))),
                pattern("scaled logistic", null, (n, x) -> n.mul(x, n.unary(Unary.Kind.LOGISTIC, n.mul(x, n.number(1.702))))),
                pattern("scaled swish", null, (n, x) -> n.mul(n.mul(x, n.unary(Unary.Kind.TANH, x)), n.number(2))),
                pattern("gate of another tensor", null, (n, x) -> n.mul(n.x, n.unary(Unary.Kind.LOGISTIC, x))),
                pattern("plus 2", null, (n, x) -> n.mul(n.mul(x, n.unary(Unary.Kind.RELU6, n.add(x, 2))), n.number(1 / 6.0))),
                pattern("clip to 5", null, (n, x) -> n.mul(n.mul(x, n.g.node("p", new Unary(Unary.Kind.CLIP, 0, 5), n.add(x, 3))), n.number(1 / 6.0))),
                pattern("another hard sigmoid", null, (n, x) -> n.mul(x, n.g.node("h", new Unary(Unary.Kind.HARD_SIGMOID, 0.2f, 0.5f), x))),
                pattern("erf of x", null, (n, x) -> n.mul(n.mul(x, n.add(n.unary(Unary.Kind.ERF, x), 1)), n.number(0.5))),
                pattern("tanh of x", null, (n, x) -> n.mul(x, n.unary(Unary.Kind.TANH, x))),
                pattern("fused activation", null, (n, x) -> n.g.node("r", new Binary(Binary.Kind.MUL, Activation.RELU), x,
                        n.unary(Unary.Kind.LOGISTIC, x))),
                pattern("square", null, (n, x) -> n.mul(x, x)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("others")
    void stays(String what, Unary none, BiFunction<Net, Value, Value> spelled) {
        Net n = new Net();
        Graph source = n.g.outputs(spelled.apply(n, n.unary(Unary.Kind.NEG, n.x)));
        assertSame(source, new FoldPatterns().apply(source, log::add));
        assertTrue(log.isEmpty());
    }

    /** The gate would be computed twice. */
    @Test
    void aGateWithOtherReadersStays() {
        Net n = new Net();
        Value gate = n.unary(Unary.Kind.LOGISTIC, n.x);
        Graph source = n.g.outputs(n.mul(n.x, gate), gate);
        assertSame(source, new FoldPatterns().apply(source, log::add));
    }

    /** x broadcasts to the gate's shape. */
    @Test
    void aGateOfAnotherShapeStays() {
        TestGraph g = new TestGraph();
        Value x = g.input("x", TensorType.of(DType.FLOAT32, 1));
        Value gate = g.node("gate", new Unary(Unary.Kind.RELU6), g.node("sum", new Binary(Binary.Kind.ADD, Activation.NONE), x,
                g.floats("three", new int[] {1, 1}, 3)));
        Graph source = g.outputs(g.node("y", new Binary(Binary.Kind.MUL, Activation.NONE), g.node("p", new Binary(Binary.Kind.MUL,
                Activation.NONE), gate, x), g.floats("c", new int[0], 1 / 6f)));
        assertSame(source, new FoldPatterns().apply(source, log::add));
    }

    @Test
    void theLargerOfXAndAFractionIsALeakyRelu() {
        for (boolean swap : new boolean[] {false, true}) {
            Net n = new Net();
            Value scaled = n.mul(n.x, n.number(0.1));
            Graph out = new FoldPatterns().apply(n.g.outputs(n.binary(Binary.Kind.MAX, swap ? scaled : n.x, swap ? n.x : scaled)), log::add);
            assertEquals(1, out.nodes().size());
            assertEquals(new Unary(Unary.Kind.LEAKY_RELU, 0.1f, 0), out.nodes().get(0).op());
        }
        Net steep = new Net();
        Graph source = steep.g.outputs(steep.binary(Binary.Kind.MAX, steep.x, steep.mul(steep.x, steep.number(1.5))));
        assertSame(source, new FoldPatterns().apply(source, log::add));
    }
}
