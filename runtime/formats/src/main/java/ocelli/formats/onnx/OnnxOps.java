package ocelli.formats.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All operators that the reader maps, by name; those of another domain as {@code domain.name}. */
final class OnnxOps {
    private static final Map<String, OnnxMapper> MAPPERS = merged(List.of(
            OnnxConstantOps.table(),
            OnnxConvOps.table(),
            OnnxDetectionOps.table(),
            OnnxIndexOps.table(),
            OnnxLogicOps.table(),
            OnnxMathOps.table(),
            OnnxMatrixOps.table(),
            OnnxNormOps.table(),
            OnnxPoolOps.table(),
            OnnxQLinearOps.table(),
            OnnxQuantOps.table(),
            OnnxReduceOps.table(),
            OnnxResizeOps.table(),
            OnnxShapeOps.table(),
            OnnxUnaryOps.table()));

    private OnnxOps() {
    }

    /** The operator's mapper, null when there is none; {@code domain} is empty for ONNX's own operators. */
    static OnnxMapper find(String domain, String op) {
        return MAPPERS.get(domain.isEmpty() || domain.equals("ai.onnx") ? op : domain + "." + op);
    }

    private static Map<String, OnnxMapper> merged(List<Map<String, OnnxMapper>> tables) {
        Map<String, OnnxMapper> all = new HashMap<>();
        for (Map<String, OnnxMapper> table : tables) {
            table.forEach((name, mapper) -> {
                if (all.put(name, mapper) != null) {
                    throw new IllegalStateException("two mappers for " + name);
                }
            });
        }
        return Map.copyOf(all);
    }
}
