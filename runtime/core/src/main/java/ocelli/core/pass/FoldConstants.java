package ocelli.core.pass;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;

/**
 * Runs nodes whose inputs are all constants on the reference kernels: float16 weights become float32, shapes disappear. While
 * quantised constants are kept they stay behind their Dequantize, where {@link FuseQdq} finds them.
 */
final class FoldConstants implements Pass {
    private final boolean keepQuantized;

    /** @param keepQuantized whether a Dequantize of a quantised constant is left alone */
    FoldConstants(boolean keepQuantized) {
        this.keepQuantized = keepQuantized;
    }

    @Override
    public String name() {
        return "fold-constants";
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        Rewrite rewrite = new Rewrite(graph);
        ConstantFolder folder = new ConstantFolder();
        for (Node node : graph.nodes()) {
            if (keepQuantized && Movement.isDequantize(node)) {
                continue;
            }
            List<Value> inputs = node.inputs().stream().map(rewrite::current).toList();
            Optional<List<Value>> folded = folder.fold(new Node(node.name(), node.op(), inputs, node.outputs()));
            folded.ifPresent(constants -> {
                rewrite.drop(node);
                for (int i = 0; i < constants.size(); i++) {
                    rewrite.rename(node.outputs().get(i), constants.get(i));
                }
                log.accept(node.name());
            });
        }
        return rewrite.graph();
    }
}
