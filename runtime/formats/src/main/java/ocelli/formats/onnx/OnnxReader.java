package ocelli.formats.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import ocelli.core.graph.Graph;
import ocelli.core.model.Model;
import ocelli.core.model.ModelReader;
import ocelli.core.model.ReadOptions;
import ocelli.formats.onnx.OnnxSchema.ModelMessage;

/**
 * Reads ONNX files, operator sets 7 and later. Weights alias the mapped file. Image operators become NHWC operators between
 * transposes, which passes cancel; QuantizeLinear and DequantizeLinear with constant parameters become typed nodes. A half
 * precision model is computed in float32, its inputs and outputs are float32.
 *
 * @see <a href="https://onnx.ai/onnx/repo-docs/IR.html">ONNX intermediate representation</a>
 * @see <a href="https://onnx.ai/onnx/operators/">ONNX operators</a>
 */
public final class OnnxReader implements ModelReader {
    private static final int MOST_IR_VERSIONS = 32;

    /** For {@link java.util.ServiceLoader}. */
    public OnnxReader() {
    }

    @Override
    public String format() {
        return "onnx";
    }

    @Override
    public boolean recognises(Path path, MemorySegment file) {
        if (path.getFileName() != null && path.getFileName().toString().endsWith(".onnx")) {
            return true;
        }
        // There is no magic number: writers begin with field 1, the IR version, and go on with another field of the model.
        if (file.byteSize() < 3 || file.get(ValueLayout.JAVA_BYTE, 0) != 1 << 3) {
            return false;
        }
        int ir = file.get(ValueLayout.JAVA_BYTE, 1);
        int next = file.get(ValueLayout.JAVA_BYTE, 2);
        boolean text = next >>> 3 >= 2 && next >>> 3 <= 8 && (next & 7) == 2;
        return ir >= 1 && ir <= MOST_IR_VERSIONS && (text || next == 5 << 3);
    }

    @Override
    public Model read(Path path, MemorySegment file, ReadOptions options) throws IOException {
        String name = path.toString();
        ModelMessage model = OnnxParser.parse(name, file);
        OnnxTensors tensors = new OnnxTensors(name, file, new ExternalData(path));
        try {
            Graph graph = new OnnxImporter(name, model, tensors, options).graph();
            return new Model(format(), graph, OnnxMetadata.read(model), Map.of());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
