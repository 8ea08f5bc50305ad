package ocelli.core.pass;

import java.util.function.Consumer;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;

/** Removes nodes that return their input: reshapes to the same shape, requantisation to the same type. */
final class DropIdentities implements Pass {
    @Override
    public String name() {
        return "drop-identities";
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        Rewrite rewrite = new Rewrite(graph);
        for (Node node : graph.nodes()) {
            boolean candidate = node.op() instanceof Reshape || node.op() instanceof Quantize
                    || node.op() instanceof Dequantize && node.input(0).type().dtype() == DType.FLOAT32;
            Value in = rewrite.current(node.inputs().get(0));
            // A graph output keeps its own value, so that its name stays.
            if (candidate && in.type().equals(node.output().type()) && !rewrite.isGraphOutput(node.output())) {
                rewrite.drop(node);
                rewrite.rename(node.output(), in);
                log.accept(node.name());
            }
        }
        return rewrite.graph();
    }
}
