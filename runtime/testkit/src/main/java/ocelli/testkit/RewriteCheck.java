package ocelli.testkit;

import static org.junit.jupiter.api.Assertions.fail;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;

/**
 * Holds a rewritten network against the one it was: each value that both have may differ by the rounding of the nodes between it
 * and the values before that both have, for these are given the original's contents. So differences do not add up, and a
 * tolerance of one step is a sharp one.
 */
final class RewriteCheck {
    /** Share of the largest element of a tensor by which floats may differ: sums of some hundred products in another order. */
    private static final double FLOATS = 1e-5;

    private RewriteCheck() {
    }

    static void sameMeaning(Graph source, Graph rewritten, List<byte[]> inputs, String what) {
        Map<Value, byte[]> wanted = new IdentityHashMap<>();
        List<byte[]> wantedOutputs = GraphInterpreter.run(source, inputs, (v, data) -> wanted.put(v, data.toArray(ValueLayout.JAVA_BYTE)));
        List<byte[]> outputs = GraphInterpreter.run(rewritten, inputs, (v, data) -> {
            byte[] original = wanted.get(v);
            if (original != null) {
                near(v.type(), original, data.toArray(ValueLayout.JAVA_BYTE), what + ", " + v);
                data.copyFrom(MemorySegment.ofArray(original));
            }
        });
        for (int i = 0; i < outputs.size(); i++) {
            near(source.outputs().get(i).type(), wantedOutputs.get(i), outputs.get(i), what + ", output " + source.outputs().get(i));
        }
    }

    /** One step for quantised elements, {@link #FLOATS} for floats, equality for all others. */
    private static void near(TensorType type, byte[] wanted, byte[] found, String where) {
        Tensor w = new Tensor("wanted", type, MemorySegment.ofArray(wanted));
        Tensor f = new Tensor("found", type, MemorySegment.ofArray(found));
        int n = type.shape().elements();
        double most = 0;
        for (int i = 0; i < n; i++) {
            most = Double.isFinite(w.get(i)) ? Math.max(most, Math.abs(w.get(i))) : most;
        }
        double tolerance = type.isQuantized8() ? 1 : type.dtype() == DType.FLOAT32 ? FLOATS * most : 0;
        for (int i = 0; i < n; i++) {
            if (w.get(i) != f.get(i) && !(Math.abs(w.get(i) - f.get(i)) <= tolerance) && !(Double.isNaN(w.get(i)) && Double.isNaN(f.get(i)))) {
                fail(where + ": element " + i + " is " + f.get(i) + ", wanted " + w.get(i) + " ± " + tolerance);
            }
        }
    }
}
