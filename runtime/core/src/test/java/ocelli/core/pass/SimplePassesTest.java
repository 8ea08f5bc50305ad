package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import ocelli.core.TestGraph;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Split;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

/** {@link DropIdentities} and {@link DropDeadNodes}, and the order of the standard passes. */
class SimplePassesTest {
    private static final TensorType FLOATS = TensorType.of(DType.FLOAT32, 2, 3);
    private static final TensorType BYTES = TensorType.quantized(DType.INT8, 0.5f, 3, 2, 3);
    private static final Unary TANH = new Unary(Unary.Kind.TANH);

    private final TestGraph g = new TestGraph();
    private final List<String> log = new ArrayList<>();

    @Test
    void identitiesGo() {
        Value x = g.input("x", BYTES);
        Value same = g.node("same shape", new Reshape(Shape.of(2, 3)), x);
        Value again = g.node("same quantisation", new Quantize(), same);
        Value y = g.node("y", TANH, again);
        Graph out = new DropIdentities().apply(g.outputs(y), log::add);
        assertEquals(List.of("same shape", "same quantisation"), log);
        assertEquals(1, out.nodes().size());
        assertSame(x, out.nodes().get(0).input(0));
        assertSame(y, out.outputs().get(0));
    }

    @Test
    void aFloatThatIsDequantisedAgainIsAnIdentity() {
        Value x = g.input("x", FLOATS);
        Value y = g.node("y", TANH, g.node("d", new Dequantize(), x));
        assertEquals(1, new DropIdentities().apply(g.outputs(y), log::add).nodes().size());
    }

    @Test
    void whatChangesTheTypeStays() {
        Value x = g.input("x", BYTES);
        Value flat = g.node("flat", new Reshape(Shape.of(6)), x);
        Value finer = g.node("finer", new Quantize(), DType.INT8, Quantization.perTensor(0.25f, 3), flat);
        Value shifted = g.node("shifted", new Quantize(), DType.INT8, Quantization.perTensor(0.25f, 4), finer);
        Value unsigned = g.node("unsigned", new Quantize(), DType.UINT8, Quantization.perTensor(0.25f, 4), shifted);
        Graph source = g.outputs(g.node("y", TANH, unsigned));
        assertSame(source, new DropIdentities().apply(source, log::add));
        assertTrue(log.isEmpty());
    }

    /** Its name is what the caller asks for. */
    @Test
    void aGraphOutputKeepsItsIdentity() {
        Value x = g.input("x", BYTES);
        Graph source = g.outputs(g.node("y", new Reshape(Shape.of(2, 3)), x));
        assertSame(source, new DropIdentities().apply(source, log::add));
    }

    /** An operator that computes is none, even when types agree. */
    @Test
    void functionsStay() {
        Value x = g.input("x", FLOATS);
        Graph source = g.outputs(g.node("y", TANH, g.node("z", TANH, x)));
        assertSame(source, new DropIdentities().apply(source, log::add));
    }

    @Test
    void deadChainsGo() {
        Value x = g.input("x", FLOATS);
        Value y = g.node("y", TANH, x);
        g.node("dead end", TANH, g.node("dead", TANH, y));
        Graph out = new DropDeadNodes().apply(g.outputs(y), log::add);
        assertEquals(List.of("y"), out.nodes().stream().map(Node::name).toList());
        assertEquals(List.of("dead end", "dead"), log);
        assertEquals(List.of(x), out.inputs());
    }

    @Test
    void oneUsedOutputKeepsANode() {
        Value x = g.input("x", FLOATS);
        Value a = Value.of("a", FLOATS.withShape(Shape.of(2, 1)));
        Value b = Value.of("b", FLOATS.withShape(Shape.of(2, 2)));
        g.node(new Node("split", new Split(1, List.of(1, 2)), List.of(x), List.of(a, b)));
        Graph source = g.outputs(b);
        assertSame(source, new DropDeadNodes().apply(source, log::add));
    }

    @Test
    void aGraphWithoutUseLosesAllNodes() {
        Value x = g.input("x", FLOATS);
        g.node("y", TANH, x);
        assertTrue(new DropDeadNodes().apply(g.outputs(x), log::add).nodes().isEmpty());
    }

    @Test
    void notesNameThePass() {
        Value x = g.input("x", FLOATS);
        g.node("dead", TANH, x);
        Value y = g.node("y", TANH, g.node("same", new Reshape(Shape.of(2, 3)), x));
        Passes.Result result = Passes.apply(g.outputs(y), Passes.standard());
        assertEquals(List.of("drop-identities: same", "drop-dead-nodes: dead"), result.notes());
        assertEquals(List.of("fold-constants", "drop-identities", "drop-dead-nodes", "eliminate-common-subexpressions", "shuffle-channels",
                "simplify-slices", "fold-focus", "fold-dilation", "cancel-transposes", "canonicalize", "fold-patterns", "fold-scales", "fuse-activation",
                "sink-dequantize", "raise-quantize", "fuse-qdq", "drop-dead-nodes", "fold-constants", "drop-identities", "shuffle-channels",
                "cancel-transposes", "fuse-pad", "drop-dead-nodes", "fuse-activation", "merge-sibling-convolutions"),
                Passes.standard().stream().map(Pass::name).toList());
    }

    @Test
    void floatNetworksHaveThePassesOfAllOthersButForQuantisationAndKernels() {
        List<String> wanted = new ArrayList<>(Passes.standard().stream().map(Pass::name).toList());
        wanted.removeAll(List.of("sink-dequantize", "raise-quantize", "fuse-qdq", "merge-sibling-convolutions"));
        assertEquals(wanted, Passes.floating().stream().map(Pass::name).toList());
    }
}
