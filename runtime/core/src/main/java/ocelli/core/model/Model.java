package ocelli.core.model;

import java.util.Map;
import ocelli.core.graph.Graph;

/**
 * A file as read: the graph and what the file says about its use.
 *
 * @param format   {@code "tflite"} or {@code "onnx"}
 * @param graph    the network; its constants alias the mapped file and stay valid while they are reachable
 * @param metadata facts for pre- and post-processing
 * @param files    files packed with the model, by name (e.g. {@code labelmap.txt})
 */
public record Model(String format, Graph graph, ModelMetadata metadata, Map<String, byte[]> files) {
    public Model {
        files = Map.copyOf(files);
    }
}
