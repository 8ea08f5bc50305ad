package ocelli.compress;

import java.util.List;
import ocelli.core.graph.ConvInteger;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.DynamicQuantize;
import ocelli.core.graph.Graph;
import ocelli.core.graph.MatMulInteger;
import ocelli.core.graph.Node;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Value;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.pass.Passes;

/** The form of a float network that is quantised. */
final class FloatGraph {
    private FloatGraph() {
    }

    /** @throws UnsupportedModelException when the network is quantised already or has no layer with weights */
    static Graph of(Graph source) {
        Graph graph = Passes.apply(source, Passes.floating()).graph();
        for (Node node : graph.nodes()) {
            boolean integers = switch (node.op()) {
                case Quantize _, Dequantize _, DynamicQuantize _, MatMulInteger _, ConvInteger _ -> true;
                default -> node.inputs().stream().anyMatch(FloatGraph::isQuantized)
                        || node.outputs().stream().anyMatch(FloatGraph::isQuantized);
            };
            if (integers) {
                throw new UnsupportedModelException(source.name(), List.of("the model is quantised already (node " + node.name() + ", "
                        + node.op().name() + "); wanted a float model"));
            }
        }
        if (graph.nodes().stream().noneMatch(Roles::isWeighted)) {
            throw new UnsupportedModelException(source.name(), List.of(
                    "the model has no convolution or fully connected layer with constant "
                    + "weights, so there is nothing to quantise"));
        }
        return SplitHeads.of(graph);
    }

    private static boolean isQuantized(Value v) {
        return v.type().isQuantized8();
    }
}
