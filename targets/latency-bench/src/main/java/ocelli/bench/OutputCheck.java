package ocelli.bench;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ocelli.bench.OutputDifference.Measure;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.DetectionPostProcess;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.NonMaxSuppression;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.TopK;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.OutputDiff;

/**
 * Whether two runtimes gave the same answer. The rules, by what an output is:
 * <ul>
 * <li>float: no element further off than 1/1000 of the output's range;
 * <li>quantised, or dequantised at the end: no element further off than 2 steps; for ONNX files, where each runtime rounds at the
 *     places that it fuses, not more than 1 step in the mean;
 * <li>integers: equal;
 * <li>outputs that pick candidates by rank, where the last bit of a score may change places: see {@link BoxMatch}.
 * </ul>
 */
final class OutputCheck {
    static final double FLOAT_LIMIT = 1e-3;
    static final double STEPS_LIMIT = 2;
    static final double MEAN_STEPS_LIMIT = 1;

    private final Graph graph;
    private final boolean roundsWhereItFuses;
    private final Map<Value, Node> producers = new IdentityHashMap<>();

    /**
     * @param graph  as Ocelli runs it: says which outputs are dequantised, and whether they are picked
     * @param format of the model file
     */
    OutputCheck(Graph graph, String format) {
        this.graph = graph;
        this.roundsWhereItFuses = format.equals("onnx");
        graph.nodes().forEach(n -> n.outputs().forEach(v -> producers.put(v, n)));
    }

    /** Compares every output; the other's are those that are believed. */
    List<OutputDifference> compare(List<Tensor> found, List<Tensor> other) {
        if (found.size() != other.size()) {
            return List.of(new OutputDifference(found.size() + " outputs, the other has " + other.size(), Measure.FORM, 0, 0, false));
        }
        List<OutputDifference> all = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            all.add(compare(found.get(i), other.get(i), step(i)));
        }
        boolean same = all.stream().allMatch(OutputDifference::accepted);
        boolean formed = all.stream().noneMatch(d -> d.measure() == Measure.FORM);
        return same || !formed || !picks() ? all : BoxMatch.compare(found, other).map(List::of).orElse(all);
    }

    private boolean picks() {
        return graph.nodes().stream().map(Node::op)
                .anyMatch(op -> op instanceof DetectionPostProcess || op instanceof TopK || op instanceof NonMaxSuppression);
    }

    /** The quantisation that an output's values are multiples of. */
    private Optional<Quantization> step(int output) {
        Value v = graph.outputs().get(output);
        if (v.type().isQuantized8() && !v.type().quant().isPerAxis()) {
            return Optional.of(v.type().quant());
        }
        Node node = producers.get(v);
        while (node != null && (node.op() instanceof Reshape || node.op() instanceof Reinterpret)) {
            node = producers.get(node.input(0));
        }
        return node != null && node.op() instanceof Dequantize && !node.input(0).type().quant().isPerAxis()
                ? Optional.of(node.input(0).type().quant()) : Optional.empty();
    }

    private OutputDifference compare(Tensor found, Tensor other, Optional<Quantization> quant) {
        TensorType type = found.type();
        if (type.dtype() != other.type().dtype() || !type.shape().equals(other.type().shape())) {
            return new OutputDifference(found.name(), Measure.FORM, 0, 0, false);
        }
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double worst = 0;
        double sum = 0;
        long unequal = 0;
        long n = type.shape().elements();
        for (long i = 0; i < n; i++) {
            double w = other.get(i);
            double f = found.get(i);
            // Equal infinities and two NaN differ by nothing; a NaN on one side alone stays one in the sums, and is refused.
            double d = Double.compare(f, w) == 0 ? 0 : Math.abs(f - w);
            low = Math.min(low, w);
            high = Math.max(high, w);
            worst = d > worst || Double.isNaN(d) ? d : worst;
            sum += d;
            unequal += d == 0 ? 0 : 1;
        }
        double mean = n == 0 ? 0 : sum / n;
        boolean bytes = type.dtype().isQ8();
        if (bytes || quant.isPresent() && type.dtype() == DType.FLOAT32) {
            double step = bytes ? 1 : quant.orElseThrow().scale();
            boolean accepted = roundsWhereItFuses ? mean / step <= MEAN_STEPS_LIMIT : worst / step <= STEPS_LIMIT;
            return new OutputDifference(found.name(), Measure.STEPS, worst / step, mean / step, accepted);
        }
        if (type.dtype().isFloat()) {
            double range = OutputDiff.range(low, high);
            return new OutputDifference(found.name(), Measure.RANGE, worst / range, mean / range, worst / range <= FLOAT_LIMIT);
        }
        double share = n == 0 ? 0 : (double) unequal / n;
        return new OutputDifference(found.name(), Measure.UNEQUAL, share, share, unequal == 0);
    }
}
