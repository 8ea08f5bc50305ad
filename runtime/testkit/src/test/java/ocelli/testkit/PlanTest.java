package ocelli.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.pass.Pass;
import ocelli.core.pass.Passes;
import ocelli.core.reference.ReferenceProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plans of reference kernels, and each pass on its own. No pass changes the order of a float sum. */
class PlanTest extends PlanContract {
    private static final int GRAPHS = 300;

    @Override
    protected List<KernelProvider> providers() {
        return List.of(new ReferenceProvider());
    }

    @Override
    protected List<RandomGraphs.Kind> kinds() {
        return List.of(RandomGraphs.Kind.values());
    }

    @ParameterizedTest
    @EnumSource
    void everyPassKeepsTheMeaning(RandomGraphs.Kind kind) {
        for (int i = 0; i < GRAPHS; i++) {
            Graph graph = RandomGraphs.of(TestData.seed() * 200_003 + i, kind);
            List<byte[]> inputs = inputs(graph, i);
            List<byte[]> wanted = GraphInterpreter.run(graph, inputs);
            for (Pass pass : Passes.standard()) {
                Graph rewritten = Passes.apply(graph, List.of(pass)).graph();
                if (pass.isExact()) {
                    same(graph, "pass " + pass.name(), wanted, GraphInterpreter.run(rewritten, inputs));
                } else {
                    RewriteCheck.sameMeaning(graph, rewritten, inputs, graph.name() + ", pass " + pass.name());
                }
                // What is done stays done.
                assertEquals(List.of(), Passes.apply(rewritten, List.of(pass)).notes(), graph.name() + ", pass " + pass.name() + " twice");
            }
        }
    }

    /** What the QDQ form spreads over many nodes comes back as the quantised network that it was made from, to the last bit. */
    @Test
    void theIntegerNetworkComesBack() {
        for (int i = 0; i < GRAPHS; i++) {
            long seed = TestData.seed() * 300_007 + i;
            Graph integer = RandomGraphs.of(seed, RandomGraphs.Kind.QUANTIZED);
            Passes.Result back = Passes.apply(RandomGraphs.of(seed, RandomGraphs.Kind.QDQ), Passes.standard());
            for (Node node : back.graph().nodes()) {
                assertTrue(node.output().type().isQuantized8(), integer.name() + ": " + node + " is left after " + back.notes());
            }
            List<byte[]> inputs = inputs(integer, i);
            same(integer, "from its QDQ form, after " + back.notes(), GraphInterpreter.run(integer, inputs), GraphInterpreter.run(back.graph(), inputs));
        }
    }

    /** Transposes that change nothing vanish: what is left moves about as much as the network without them. */
    @ParameterizedTest
    @EnumSource
    void insertedTransposesCancel(RandomGraphs.Kind kind) {
        Pass pass = Passes.standard().stream().filter(p -> p.name().equals("cancel-transposes")).findFirst().orElseThrow();
        long before = 0;
        long after = 0;
        long without = 0;
        for (int i = 0; i < GRAPHS; i++) {
            Graph plain = RandomGraphs.of(TestData.seed() * 300_007 + i, kind);
            Graph graph = Transposes.insert(plain, i);
            List<byte[]> inputs = inputs(graph, i);
            List<byte[]> wanted = GraphInterpreter.run(plain, inputs);
            same(graph, "as inserted", wanted, GraphInterpreter.run(graph, inputs));
            Graph rewritten = Passes.apply(graph, List.of(pass)).graph();
            same(graph, "pass " + pass.name(), wanted, GraphInterpreter.run(rewritten, inputs));
            assertTrue(Transposes.moved(rewritten) <= Transposes.moved(graph), graph.name());
            assertEquals(List.of(), Passes.apply(rewritten, List.of(pass)).notes(), graph.name() + " twice");
            before += Transposes.moved(graph);
            after += Transposes.moved(rewritten);
            without += Transposes.moved(Passes.apply(plain, List.of(pass)).graph());
        }
        System.out.println(GRAPHS + " graphs, " + kind + ": transposes of " + before + " elements became " + after
                + ", without the inserted ones " + without);
        assertTrue(after <= without * 1.02, after + " elements, without the inserted transposes " + without);
    }

    @Test
    void aSeedMeansOneGraph() {
        Graph a = RandomGraphs.of(7, RandomGraphs.Kind.MIXED);
        Graph b = RandomGraphs.of(7, RandomGraphs.Kind.MIXED);
        assertEquals(a.nodes().stream().map(Object::toString).toList(), b.nodes().stream().map(Object::toString).toList());
        List<byte[]> inputs = inputs(a, 0);
        same(a, "the same graph", GraphInterpreter.run(a, inputs), GraphInterpreter.run(b, inputs));
    }
}
