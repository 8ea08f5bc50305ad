package ocelli.formats.onnx;

import java.util.Map;

/** Layers with weights and windows. */
final class OnnxNnOps {
    private OnnxNnOps() {
    }

    static Map<String, OnnxMapper> table() {
        return Map.of();
    }
}
