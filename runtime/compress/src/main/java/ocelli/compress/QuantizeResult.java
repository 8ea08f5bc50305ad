package ocelli.compress;

import java.util.List;
import ocelli.core.graph.Graph;
import ocelli.formats.onnx.OnnxWriter;

/**
 * A quantised network and what is known of it.
 *
 * @param floatGraph the float network in the form that was quantised
 * @param graph      the quantised network
 * @param verdict    how much worse it is
 * @param met        whether the verdict keeps within the limit
 * @param layers     in the order in which they run
 * @param notes      what else a user should know, one sentence each
 */
public record QuantizeResult(Graph floatGraph, Graph graph, Judge.Verdict verdict, boolean met,
        List<LayerReport> layers, List<String> notes) {
    public QuantizeResult {
        layers = List.copyOf(layers);
        notes = List.copyOf(notes);
    }

    /**
     * The network as an ONNX file in QDQ form.
     *
     * @throws ocelli.core.model.UnsupportedModelException listing every node that ONNX cannot express
     */
    public byte[] onnx() {
        return OnnxWriter.bytes(graph);
    }

    public long integerLayers() {
        return layers.stream().filter(LayerReport::integer).count();
    }
}
