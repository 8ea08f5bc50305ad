package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Split;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class EliminateCommonSubexpressionsTest {
    private static final TensorType FLOATS = TensorType.of(DType.FLOAT32, 2, 3);
    private static final Unary TANH = new Unary(Unary.Kind.TANH);
    private static final Binary ADD = new Binary(Binary.Kind.ADD, Activation.NONE);

    private final TestGraph g = new TestGraph();
    private final Value x = g.input("x", FLOATS);
    private final List<String> log = new ArrayList<>();

    private Graph apply(Value... outputs) {
        return new EliminateCommonSubexpressions().apply(g.outputs(outputs), log::add);
    }

    private void stays(Value... outputs) {
        Graph source = g.outputs(outputs);
        assertSame(source, new EliminateCommonSubexpressions().apply(source, log::add));
        assertTrue(log.isEmpty());
    }

    @Test
    void chainsOfTwinsAreOneChain() {
        Value a = g.node("a", TANH, g.node("s", ADD, x, x));
        Value b = g.node("b", TANH, g.node("t", ADD, x, x));
        Graph out = apply(g.node("y", ADD, a, b));
        assertEquals(List.of("t is s", "b is a"), log);
        assertEquals(List.of("s", "a", "y"), out.nodes().stream().map(Node::name).toList());
        assertSame(a, out.nodes().get(2).input(1));
    }

    @Test
    void smallConstantsAreEqualByTheirBytes() {
        byte[] one = {0, 0, (byte) 0x80, 0x3f};
        TensorType t = TensorType.of(DType.FLOAT32, 1);
        Value a = g.node("a", ADD, x, g.constant("c", t, one));
        Value b = g.node("b", ADD, x, g.constant("d", t, one.clone()));
        Value c = g.node("c", ADD, x, g.constant("zero", t));
        assertEquals(3, apply(g.node("y", ADD, g.node("z", ADD, a, b), c)).nodes().size() - 1);
        assertEquals(List.of("b is a"), log);
    }

    @Test
    void largeConstantsAreEqualByIdentity() {
        TensorType t = TensorType.of(DType.FLOAT32, 500, 2, 3);
        Value large = g.constant("large", t);
        Value a = g.node("a", ADD, x, large);
        Value b = g.node("b", ADD, x, large);
        Value c = g.node("c", ADD, x, g.constant("other", t));
        apply(g.node("y", ADD, g.node("z", ADD, a, b), c));
        assertEquals(List.of("b is a"), log);
    }

    /** Operators, operands, their order, and the types of the results count. */
    @Test
    void differencesStay() {
        Value q = g.node("q", new Quantize(), DType.INT8, Quantization.perTensor(0.5f, 0), x);
        Value r = g.node("r", new Quantize(), DType.INT8, Quantization.perTensor(0.25f, 0), x);
        Value d = g.node("d", new Binary(Binary.Kind.SUB, Activation.NONE), q, r);
        Value e = g.node("e", new Binary(Binary.Kind.SUB, Activation.NONE), r, q);
        stays(d, e, g.node("f", new Binary(Binary.Kind.SUB, Activation.RELU), r, q));
    }

    @Test
    void outputsKeepTheirNames() {
        stays(g.node("a", TANH, x), g.node("b", TANH, x));
    }

    @Test
    void everyOutputIsRenamed() {
        for (String name : List.of("first", "second")) {
            Value p = Value.of(name + " p", TensorType.of(DType.FLOAT32, 2, 1));
            Value q = Value.of(name + " q", TensorType.of(DType.FLOAT32, 2, 2));
            g.node(new Node(name, new Split(1, List.of(1, 2)), List.of(x), List.of(p, q)));
        }
        Value p = g.outputs().nodes().get(0).outputs().get(0);
        Value q = g.outputs().nodes().get(1).outputs().get(1);
        Graph out = apply(g.node("y", ADD, q, p));
        assertEquals(2, out.nodes().size());
        assertSame(out.nodes().get(0).outputs().get(1), out.nodes().get(1).input(0));
    }
}
