package ocelli.formats.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ocelli.formats.NotSupported;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.model.UnsupportedModelException;

/**
 * Writes a graph as an ONNX file (opset {@value #OPSET}) that ONNX Runtime loads. Image operators become NCHW ones with
 * transposes only where the graph does not have them already; quantised operators are written in QDQ form: DequantizeLinear in
 * front, the float operator, QuantizeLinear behind. Results equal the graph's, quantised ones within one step, for the two
 * round at other places; the file's sums and products round in float32 ({@link ocelli.core.graph.Binary.Rounding#FLOAT}) whatever
 * the graph's do.
 */
public final class OnnxWriter {
    static final int OPSET = 19;
    private static final int IR_VERSION = 9;

    private OnnxWriter() {
    }

    /**
     * Writes a file. It appears complete or not at all.
     *
     * @throws UnsupportedModelException listing every node that ONNX cannot express
     * @throws IOException               when the file cannot be written
     */
    public static void write(Graph graph, Path file) throws IOException {
        byte[] bytes = bytes(graph);
        Path folder = file.toAbsolutePath().getParent();
        Path temporary = Files.createTempFile(folder, "." + file.getFileName(), ".tmp");
        try {
            Files.write(temporary, bytes);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** The file's bytes, see {@link #write}. */
    public static byte[] bytes(Graph graph) {
        OnnxFile file = new OnnxFile();
        OnnxNames names = new OnnxNames(file);
        for (Value in : graph.inputs()) {
            names.input(in);
        }
        // Outputs get their own names at the end, so whatever else would like one of them takes another.
        List<String> outputs = graph.outputs().stream().map(v -> file.unique(v.name())).toList();
        List<String> unsupported = new ArrayList<>();
        OnnxNodeWriter writer = new OnnxNodeWriter(file, names);
        for (Node node : graph.nodes()) {
            try {
                writer.write(node);
            } catch (NotSupported e) {
                unsupported.add("node " + node.name() + " (" + node.op().name() + "): " + e.getMessage());
                node.outputs().forEach(v -> names.set(v, file.unique(v.name())));
            }
        }
        if (!unsupported.isEmpty()) {
            throw new UnsupportedModelException(graph.name(), unsupported);
        }
        for (int i = 0; i < outputs.size(); i++) {
            Value v = graph.outputs().get(i);
            file.node("Identity", List.of(names.of(v)), List.of(outputs.get(i)), Map.of());
            file.output(outputs.get(i), v.type());
        }
        return file.bytes(graph.name(), IR_VERSION, OPSET);
    }
}
