package ocelli.core.graph;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An immutable network in static single assignment form: every value is a graph input, a constant, or the output of
 * exactly one node, and nodes stand in an order in which they can run.
 */
public record Graph(String name, List<Value> inputs, List<Value> outputs, List<Node> nodes) {

    /** @throws IllegalArgumentException when a value is read before it is made, or made twice */
    public Graph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        nodes = List.copyOf(nodes);
        Set<Value> known = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Value in : inputs) {
            if (in.isConstant() || !known.add(in)) {
                throw new IllegalArgumentException("graph input " + in + " is a constant or is listed twice");
            }
        }
        for (Node node : nodes) {
            for (Value in : node.inputs()) {
                if (!in.isConstant() && !known.contains(in)) {
                    throw new IllegalArgumentException("node " + node.name() + " reads " + in.name() + " before it is made");
                }
            }
            for (Value out : node.outputs()) {
                if (out.isConstant() || !known.add(out)) {
                    throw new IllegalArgumentException("node " + node.name() + " makes " + out.name() + ", which exists already");
                }
            }
        }
        for (Value out : outputs) {
            if (!out.isConstant() && !known.contains(out)) {
                throw new IllegalArgumentException("graph output " + out.name() + " is never made");
            }
        }
    }

    /** Multiply-accumulate operations of one run (1 MAC = 2 FLOPs). */
    public long macs() {
        return nodes.stream().mapToLong(Node::macs).sum();
    }

    /**
     * Elements of all distinct constants that are weights, biases or slopes, also where they are stored in another type and
     * converted in the graph.
     */
    public long parameters() {
        Map<Value, Node> producers = new IdentityHashMap<>();
        nodes.forEach(node -> node.outputs().forEach(v -> producers.put(v, node)));
        Set<Value> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        long sum = 0;
        for (Node node : nodes) {
            boolean weighted = node.op() instanceof Conv2d || node.op() instanceof DepthwiseConv2d
                    || node.op() instanceof FullyConnected || node.op() instanceof PRelu;
            for (Value in : weighted ? node.inputs() : List.<Value>of()) {
                Value v = in;
                while (producers.get(v) instanceof Node from && (from.op() instanceof Dequantize || from.op() instanceof Reshape)) {
                    v = from.input(0);
                }
                if (v.isConstant() && seen.add(v)) {
                    sum += v.type().shape().elements();
                }
            }
        }
        return sum;
    }
}
