package ocelli.formats.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ocelli.core.model.ModelMetadata;
import ocelli.formats.onnx.OnnxSchema.ModelMessage;

/** What exporters write about a model beside its graph: its name, and class names as YOLO exporters write them. */
final class OnnxMetadata {
    private static final int MOST_LABELS = 1 << 14;
    private static final int LONGEST_NAMES = 1 << 20;
    /** One entry of {@code {0: 'person', 1: "traffic light"}}. */
    private static final Pattern ENTRY = Pattern.compile("\\s*[\"']?(\\d{1,5})[\"']?\\s*:\\s*(?:'([^']*)'|\"([^\"]*)\")\\s*(,|\\}\\s*$)");
    /** One entry of {@code ['person', "traffic light"]}. */
    private static final Pattern ITEM = Pattern.compile("\\s*(?:'([^']*)'|\"([^\"]*)\")\\s*(,|\\]\\s*$)");

    private OnnxMetadata() {
    }

    static ModelMetadata read(ModelMessage model) {
        Map<String, String> metadata = model.metadata();
        String names = metadata.getOrDefault("names", metadata.getOrDefault("labels", ""));
        return new ModelMetadata(model.graph().name(), List.of(), List.of(), false, labels(names.strip()));
    }

    /**
     * The class names of a dictionary from 0 upwards or of a list, as Python prints them; none when the text is anything else,
     * for metadata are remarks, not a format.
     */
    static List<String> labels(String text) {
        boolean dictionary = text.startsWith("{");
        if (text.length() > LONGEST_NAMES || !dictionary && !text.startsWith("[")) {
            return List.of();
        }
        Map<Integer, String> labels = new TreeMap<>();
        Matcher m = (dictionary ? ENTRY : ITEM).matcher(text).region(1, text.length());
        while (m.lookingAt() && labels.size() < MOST_LABELS) {
            int first = dictionary ? 2 : 1;
            int index = dictionary ? Integer.parseInt(m.group(1)) : labels.size();
            labels.put(index, m.group(first) != null ? m.group(first) : m.group(first + 1));
            if (m.end() == text.length()) {
                boolean dense = new ArrayList<>(labels.keySet()).getLast() == labels.size() - 1;
                return dense ? List.copyOf(labels.values()) : List.of();
            }
            m.region(m.end(), text.length());
        }
        return List.of();
    }
}
