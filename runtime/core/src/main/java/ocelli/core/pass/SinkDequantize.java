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
import ocelli.core.tensor.Quantization;
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
            if (moved.isEmpty()) {
                nodes.add(node);
                continue;
            }
            Optional<List<Value>> constants = folder.fold(moved.get());
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

    /** The node on the quantised tensor before a Dequantize; empty when it is no movement or there is no kernel for it. */
    private Optional<Node> moved(Node node, Node dequantize) {
        Value in = dequantize.input(0);
        Optional<Quantization> quant = Movement.moved(node.op(), in.type());
        if (quant.isEmpty()) {
            return Optional.empty();
        }
        List<Value> inputs = new ArrayList<>(node.inputs());
        inputs.set(0, in);
        List<Value> outputs = new ArrayList<>();
        for (Value v : node.outputs()) {
            outputs.add(Value.of(v.name() + " quantized", new TensorType(in.type().dtype(), v.type().shape(), quant.get())));
        }
        Node moved = new Node(node.name(), node.op(), inputs, outputs);
        return reference.supports(KernelRequest.of(moved, 1)).isYes() ? Optional.of(moved) : Optional.empty();
    }
}
