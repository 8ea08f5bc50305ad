package ocelli.formats.tflite;

import com.google.flatbuffers.ArrayReadWriteBuf;
import com.google.flatbuffers.FlexBuffers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.graph.DetectionPostProcess;
import ocelli.formats.tflite.TfliteOps.Mapped;

/** The FlexBuffer map that carries the options of {@code TFLite_Detection_PostProcess}. */
final class PostProcessOptions {
    /** Such a map has about 200 bytes; a larger one is not read. */
    private static final int LONGEST = 1 << 16;

    private PostProcessOptions() {
    }

    static Mapped map(OpContext c) {
        MemorySegment bytes = c.table().bytes(5);
        if (bytes.byteSize() == 0 || bytes.byteSize() > LONGEST) {
            throw new IllegalArgumentException("custom options have " + bytes.byteSize() + " bytes, wanted 1…" + LONGEST);
        }
        byte[] copy = bytes.toArray(ValueLayout.JAVA_BYTE);
        try {
            return new Mapped(read(FlexBuffers.getRoot(new ArrayReadWriteBuf(copy, copy.length)).asMap()), c.firstInputs(3));
        } catch (IndexOutOfBoundsException | FlexBuffers.FlexBufferException e) {
            // The library reads lazily; its bounds checks are what keeps it inside the copy.
            throw new IllegalArgumentException("custom options are not a valid FlexBuffer: " + e.getMessage(), e);
        }
    }

    private static DetectionPostProcess read(FlexBuffers.Map map) {
        int classes = integer(map, "num_classes", -1);
        return new DetectionPostProcess(integer(map, "max_detections", -1), integer(map, "max_classes_per_detection", -1),
                integer(map, "detections_per_class", 100), !absent(map, "use_regular_nms") && map.get("use_regular_nms").asBoolean(),
                real(map, "nms_score_threshold"), real(map, "nms_iou_threshold"), classes,
                real(map, "y_scale"), real(map, "x_scale"), real(map, "h_scale"), real(map, "w_scale"));
    }

    private static boolean absent(FlexBuffers.Map map, String key) {
        return map.get(key).isNull();
    }

    private static int integer(FlexBuffers.Map map, String key, int otherwise) {
        if (absent(map, key)) {
            if (otherwise < 0) {
                throw new IllegalArgumentException("custom options lack " + key);
            }
            return otherwise;
        }
        return map.get(key).asInt();
    }

    private static float real(FlexBuffers.Map map, String key) {
        if (absent(map, key)) {
            throw new IllegalArgumentException("custom options lack " + key);
        }
        return (float) map.get(key).asFloat();
    }
}
