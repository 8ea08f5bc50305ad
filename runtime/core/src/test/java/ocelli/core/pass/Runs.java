package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import ocelli.core.graph.Graph;
import ocelli.core.plan.ExecutionPlan;
import ocelli.core.plan.Planner;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;

/** Runs graphs as they stand, without any pass, to see that a rewritten one computes what it did. */
final class Runs {
    private Runs() {
    }

    /**
     * Asserts that two graphs with the same inputs agree on random ones: floats between −8 and 8, any bytes.
     *
     * @param tolerance in steps of a quantised output, else a share of the larger of 1 and the element
     */
    static void agree(Graph before, Graph after, double tolerance) {
        List<double[]> wanted = run(before);
        List<double[]> found = run(after);
        for (int o = 0; o < wanted.size(); o++) {
            for (int i = 0; i < wanted.get(o).length; i++) {
                double w = wanted.get(o)[i];
                double most = before.outputs().get(o).type().isQuantized8() ? tolerance : tolerance * Math.max(1, Math.abs(w));
                assertEquals(w, found.get(o)[i], most, before.outputs().get(o) + ", element " + i);
            }
        }
    }

    private static List<double[]> run(Graph graph) {
        Random random = new Random(7);
        try (ExecutionPlan plan = new Planner(List.of(new ReferenceProvider()), 1, List.of()).plan(graph)) {
            plan.inputs().forEach(t -> fill(t, random));
            plan.steps().forEach(s -> s.kernel().run(0, s.tiles(), 0));
            return plan.outputs().stream().map(Runs::elements).toList();
        }
    }

    private static void fill(Tensor t, Random random) {
        for (long i = 0; i < t.type().shape().elements(); i++) {
            if (t.type().dtype() == DType.FLOAT32) {
                t.data().setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() * 16 - 8);
            } else {
                t.data().set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
            }
        }
    }

    private static double[] elements(Tensor t) {
        double[] elements = new double[t.type().shape().elements()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = t.get(i);
        }
        return elements;
    }
}
