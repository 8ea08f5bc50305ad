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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import ocelli.core.graph.Graph;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.pass.Pass;
import ocelli.core.pass.Passes;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random networks: the plan with all passes, views, a shared arena and threads computes what {@link GraphInterpreter} does
 * without any of them, quantised and float results equal bit for bit; where a pass changed the rounding, the interpreter runs the
 * network behind the passes. {@code -Docelli.plan.graphs} says how many networks of each kind.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class PlanContract {
    private static final int GRAPHS = Integer.getInteger("ocelli.plan.graphs", 1000);

    /** For subclasses. */
    protected PlanContract() {
    }

    /** The providers of the plan, in their order; the last one must take everything. */
    protected abstract List<KernelProvider> providers();

    /**
     * The kinds of networks. Providers whose float sums have another order than the reference's leave out all but the quantised
     * ones, for what is quantised again would carry a last bit's difference into integers.
     */
    protected abstract List<RandomGraphs.Kind> kinds();

    @ParameterizedTest
    @MethodSource("kinds")
    void planEqualsInterpreter(RandomGraphs.Kind kind) {
        Map<String, Integer> rewrites = new LinkedHashMap<>();
        Map<String, Integer> steps = new TreeMap<>();
        Set<String> operators = new TreeSet<>();
        for (int i = 0; i < GRAPHS; i++) {
            Graph graph = RandomGraphs.of(TestData.seed() * 100_003 + i, kind);
            graph.nodes().forEach(n -> operators.add(n.op().name()));
            List<byte[]> inputs = inputs(graph, i);
            try (Session session = Session.open(graph, new SessionOptions(providers(), 1 + i % 3, Optional.empty()))) {
                List<byte[]> wanted = GraphInterpreter.run(isExact(session.plan().notes()) ? graph : session.plan().graph(), inputs);
                for (int k = 0; k < inputs.size(); k++) {
                    session.inputs().get(k).data().copyFrom(MemorySegment.ofArray(inputs.get(k)));
                }
                for (int run = 1; run <= 2; run++) {
                    session.run();
                    same(graph, "run " + run + " of the plan " + session.plan().notes(), wanted, bytes(session.outputs()));
                }
                session.plan().notes().forEach(n -> rewrites.merge(n.substring(0, n.indexOf(':')), 1, Integer::sum));
                session.plan().steps().forEach(s -> steps.merge(s.provider(), 1, Integer::sum));
            }
        }
        System.out.println(GRAPHS + " random graphs, " + kind + ": " + rewrites + ", steps " + steps);
        assertTrue(rewrites.keySet().containsAll(List.of("drop-dead-nodes", "drop-identities", "fuse-pad", "fuse-activation", "view")),
                "passes that never did anything: " + rewrites);
        boolean floats = kind == RandomGraphs.Kind.FLOAT || kind == RandomGraphs.Kind.MIXED;
        assertTrue(!floats || rewrites.keySet().containsAll(List.of("fold-constants", "fold-scales", "fold-patterns")), rewrites.toString());
        assertTrue(kind != RandomGraphs.Kind.QDQ || rewrites.keySet().containsAll(List.of("sink-dequantize", "raise-quantize", "fuse-qdq")),
                rewrites.toString());
        assertTrue(operators.size() >= 24, "operators: " + operators);
    }

    /** True when no pass wrote a note that rounds elsewhere; {@link RewriteCheck} holds those against the network as it was. */
    private static boolean isExact(List<String> notes) {
        Set<String> inexact = Passes.standard().stream().filter(p -> !p.isExact()).map(Pass::name).collect(Collectors.toSet());
        return notes.stream().noneMatch(n -> inexact.contains(n.substring(0, n.indexOf(':'))));
    }

    static List<byte[]> inputs(Graph graph, long seed) {
        Random random = new Random(seed);
        return graph.inputs().stream().map(v -> TestData.of(v.type(), random)).toList();
    }

    private static List<byte[]> bytes(List<Tensor> tensors) {
        return tensors.stream().map(t -> t.data().toArray(ValueLayout.JAVA_BYTE)).toList();
    }

    static void same(Graph graph, String what, List<byte[]> wanted, List<byte[]> found) {
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
