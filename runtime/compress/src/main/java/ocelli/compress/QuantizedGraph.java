package ocelli.compress;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Value;
import ocelli.core.tensor.TensorType;

/**
 * The quantised form of a float graph: integer operators where the placement says so, Quantize and Dequantize nodes where the two
 * kinds meet. Inputs and outputs stay float, with their names.
 */
final class QuantizedGraph {
    private final Ranges ranges;
    private final BiFunction<Node, TensorType, Weights> weights;
    private final List<Node> nodes = new ArrayList<>();
    /** Quantised forms of values of the float graph. */
    private final Map<Value, Value> quantized = new IdentityHashMap<>();
    /** Float forms of values that integer operators make; all others are their own. */
    private final Map<Value, Value> real = new IdentityHashMap<>();

    private QuantizedGraph(Ranges ranges, BiFunction<Node, TensorType, Weights> weights) {
        this.ranges = ranges;
        this.weights = weights;
    }

    /**
     * @param graph   the quantised network
     * @param values  the quantised form of each value of the float graph that has one
     */
    record Result(Graph graph, Map<Value, Value> values) {
    }

    /** @param weights the integers of a weighted node, given the type of its quantised input */
    static Result of(Graph graph, Placement placement, Ranges ranges, BiFunction<Node, TensorType, Weights> weights) {
        QuantizedGraph q = new QuantizedGraph(ranges, weights);
        for (Node node : graph.nodes()) {
            if (placement.isInteger(node)) {
                q.integer(node);
            } else {
                q.nodes.add(new Node(node.name(), node.op(), node.inputs().stream().map(q::real).toList(), node.outputs()));
            }
        }
        // Results that integer operators make appear under their own name at the end.
        graph.outputs().forEach(q::real);
        return new Result(new Graph(graph.name(), graph.inputs(), graph.outputs(), q.nodes), q.quantized);
    }

    private void integer(Node node) {
        List<Value> inputs = new ArrayList<>();
        if (Roles.isWeighted(node)) {
            Value x = quantized(node.input(0));
            Weights w = weights.apply(node, x.type());
            inputs.addAll(List.of(x, w.weights(), w.bias()));
        } else {
            node.inputs().forEach(v -> inputs.add(quantized(v)));
        }
        List<Value> outputs = new ArrayList<>();
        for (Value v : node.outputs()) {
            Value q = Value.of(v.name() + " quantized", type(v));
            quantized.put(v, q);
            real.put(v, null);
            outputs.add(q);
        }
        // The rule that the network will have when it is read from its file.
        nodes.add(new Node(node.name(), Binary.Rounding.FLOAT.of(node.op()), inputs, outputs));
    }

    private TensorType type(Value v) {
        return ranges.of(v).type(v.type().shape());
    }

    private Value quantized(Value v) {
        return quantized.computeIfAbsent(v, _ -> {
            Value q = Value.of(v.name() + " quantized", type(v));
            nodes.add(new Node(v.name() + " Quantize", new Quantize(), List.of(v), List.of(q)));
            return q;
        });
    }

    private Value real(Value v) {
        if (real.containsKey(v) && real.get(v) == null) {
            nodes.add(new Node(v.name() + " Dequantize", new Dequantize(), List.of(quantized.get(v)), List.of(v)));
            real.put(v, v);
        }
        return v;
    }
}
