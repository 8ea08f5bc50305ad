package ocelli.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import ocelli.core.graph.Graph;
import ocelli.core.pass.Pass;
import ocelli.core.pass.Passes;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random networks: the plan with all passes, views and a shared arena computes what the interpreter without any of them
 * does. Quantised results are equal bit for bit; so are float results here, for no pass changes the order of a sum.
 */
class PlanTest {
    private static final int GRAPHS = Integer.getInteger("ocelli.plan.graphs", 1000);

    @ParameterizedTest
    @EnumSource
    void planEqualsInterpreter(RandomGraphs.Kind kind) {
        Map<String, Integer> rewrites = new LinkedHashMap<>();
        Set<String> operators = new TreeSet<>();
        for (int i = 0; i < GRAPHS; i++) {
            Graph graph = RandomGraphs.of(TestData.seed() * 100_003 + i, kind);
            graph.nodes().forEach(n -> operators.add(n.op().name()));
            List<byte[]> inputs = inputs(graph, i);
            List<byte[]> wanted = GraphInterpreter.run(graph, inputs);
            for (Pass pass : Passes.standard()) {
                Graph rewritten = Passes.apply(graph, List.of(pass)).graph();
                same(graph, "pass " + pass.name(), wanted, GraphInterpreter.run(rewritten, inputs));
            }
            int threads = 1 + i % 3;
            try (Session session = Session.open(graph, new SessionOptions(List.of(new ReferenceProvider()), threads, Optional.empty()))) {
                for (int k = 0; k < inputs.size(); k++) {
                    session.inputs().get(k).data().copyFrom(MemorySegment.ofArray(inputs.get(k)));
                }
                for (int run = 1; run <= 2; run++) {
                    session.run();
                    same(graph, "run " + run + " of the plan " + session.plan().notes(), wanted, bytes(session.outputs()));
                }
                session.plan().notes().forEach(n -> rewrites.merge(n.substring(0, n.indexOf(':')), 1, Integer::sum));
            }
        }
        System.out.println(GRAPHS + " random graphs, " + kind + ": " + rewrites);
        assertTrue(rewrites.keySet().containsAll(List.of("drop-dead-nodes", "drop-identities", "fuse-pad", "fuse-activation", "view")),
                "passes that never did anything: " + rewrites);
        assertTrue(kind == RandomGraphs.Kind.QUANTIZED || rewrites.containsKey("fold-constants"), rewrites.toString());
        assertTrue(operators.size() >= 24, "operators: " + operators);
    }

    @Test
    void aSeedMeansOneGraph() {
        Graph a = RandomGraphs.of(7, RandomGraphs.Kind.MIXED);
        Graph b = RandomGraphs.of(7, RandomGraphs.Kind.MIXED);
        assertEquals(a.nodes().stream().map(Object::toString).toList(), b.nodes().stream().map(Object::toString).toList());
        List<byte[]> inputs = inputs(a, 0);
        same(a, "the same graph", GraphInterpreter.run(a, inputs), GraphInterpreter.run(b, inputs));
    }

    private static List<byte[]> inputs(Graph graph, long seed) {
        Random random = new Random(seed);
        return graph.inputs().stream().map(v -> TestData.of(v.type(), random)).toList();
    }

    private static List<byte[]> bytes(List<Tensor> tensors) {
        return tensors.stream().map(t -> t.data().toArray(ValueLayout.JAVA_BYTE)).toList();
    }

    private static void same(Graph graph, String what, List<byte[]> wanted, List<byte[]> found) {
        assertEquals(wanted.size(), found.size());
        for (int i = 0; i < wanted.size(); i++) {
            TensorType type = graph.outputs().get(i).type();
            String where = graph.name() + ", " + what + ", output " + graph.outputs().get(i);
            if (type.dtype() == DType.FLOAT32) {
                // A zero may change its sign, for a fused padding adds no zeros.
                assertArrayEquals(plus0(wanted.get(i)), plus0(found.get(i)), 0f, where);
            } else {
                assertArrayEquals(wanted.get(i), found.get(i), where);
            }
        }
    }

    private static float[] plus0(byte[] data) {
        float[] f = TestData.floats(data);
        for (int i = 0; i < f.length; i++) {
            f[i] += 0f;
        }
        return f;
    }
}
