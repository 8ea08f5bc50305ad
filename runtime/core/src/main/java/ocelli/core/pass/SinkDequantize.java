package ocelli.core.pass;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.tensor.TensorType;

/**
 * A movement of dequantised elements becomes a Dequantize of moved ones, so that bytes move and the Dequantize meets the operator
 * that {@link FuseQdq} joins it with. Weights that are quantised per axis keep their axis through transposes and reshapes.
 */
final class SinkDequantize implements Pass {
    private final ReferenceProvider reference = new ReferenceProvider();

    @Override
    public String name() {
        return "sink-dequantize";
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        ConstantFolder folder = new ConstantFolder();
        Map<Value, Node> dequantizes = new IdentityHashMap<>();
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (Movement.isDequantize(node)) {
                dequantizes.put(node.output(), node);
            }
            Node before = dequantizes.get(node.input(0));
            Optional<Node> moved = before == null ? Optional.empty() : moved(node, before);
            Optional<List<Value>> constants = moved.flatMap(folder::fold);
            boolean runs = constants.isPresent() || moved.isPresent() && reference.supports(KernelRequest.of(moved.get(), 1)).isYes();
            if (!runs) {
                nodes.add(node);
                continue;
            }
            if (constants.isEmpty()) {
                nodes.add(moved.get());
            }
            List<Value> outputs = constants.orElse(moved.get().outputs());
            for (int i = 0; i < outputs.size(); i++) {
                Node after = new Node(before.name(), new Dequantize(), List.of(outputs.get(i)), List.of(node.outputs().get(i)));
                nodes.add(after);
                dequantizes.put(after.output(), after);
            }
            log.accept(node.name() + " before " + before.name());
        }
        return nodes.equals(graph.nodes()) ? graph : new Graph(graph.name(), graph.inputs(), graph.outputs(), nodes);
    }

    /** The node on the quantised tensor before a Dequantize; empty when quantisation does not commute with it. */
    private static Optional<Node> moved(Node node, Node dequantize) {
        Value in = dequantize.input(0);
        return Movement.moved(node.op(), in.type()).map(quant -> {
            List<Value> inputs = new ArrayList<>(node.inputs());
            inputs.set(0, in);
            return new Node(node.name(), node.op(), inputs, node.outputs().stream()
                    .map(v -> Value.of(v.name() + " quantized", new TensorType(in.type().dtype(), v.type().shape(), quant))).toList());
        });
    }
}
