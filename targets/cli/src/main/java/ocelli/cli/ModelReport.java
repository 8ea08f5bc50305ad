package ocelli.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.model.Model;
import ocelli.core.model.ModelMetadata;
import ocelli.core.tensor.Quantization;

/** A model as its file has it, before any pass. Operators go by Ocelli's names. */
record ModelReport(Model model) {

    private Map<String, Integer> operators() {
        Map<String, Integer> counts = new TreeMap<>();
        for (Node node : model.graph().nodes()) {
            counts.merge(node.op().name(), 1, Integer::sum);
        }
        return counts;
    }

    /** One object; {@code scale} and {@code zeroPoint} are null where there is no quantisation, arrays where it is per axis. */
    void write(JsonGenerator g) throws IOException {
        Graph graph = model.graph();
        g.writeStartObject();
        g.writeStringField("format", model.format());
        values(g, "inputs", graph.inputs());
        values(g, "outputs", graph.outputs());
        g.writeObjectFieldStart("operators");
        for (Map.Entry<String, Integer> e : operators().entrySet()) {
            g.writeNumberField(e.getKey(), e.getValue());
        }
        g.writeEndObject();
        g.writeNumberField("parameters", graph.parameters());
        g.writeNumberField("macs", graph.macs());
        g.writeEndObject();
    }

    private static void values(JsonGenerator g, String field, List<Value> values) throws IOException {
        g.writeArrayFieldStart(field);
        for (Value v : values) {
            g.writeStartObject();
            g.writeStringField("name", v.name());
            g.writeStringField("dtype", v.type().dtype().label());
            g.writeFieldName("shape");
            g.writeArray(v.type().shape().toArray(), 0, v.type().shape().rank());
            quantization(g, v.type().quant());
            g.writeEndObject();
        }
        g.writeEndArray();
    }

    private static void quantization(JsonGenerator g, Quantization q) throws IOException {
        if (q.isNone()) {
            g.writeNullField("scale");
            g.writeNullField("zeroPoint");
        } else if (!q.isPerAxis()) {
            g.writeNumberField("scale", q.scale());
            g.writeNumberField("zeroPoint", q.zeroPoint());
        } else {
            g.writeArrayFieldStart("scale");
            for (int i = 0; i < q.size(); i++) {
                g.writeNumber(q.scale(i));
            }
            g.writeEndArray();
            g.writeArrayFieldStart("zeroPoint");
            for (int i = 0; i < q.size(); i++) {
                g.writeNumber(q.zeroPoint(i));
            }
            g.writeEndArray();
        }
    }

    /** The same for humans. */
    String text(String file) {
        Graph graph = model.graph();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("model", file));
        rows.add(List.of("format", model.format()));
        for (Value v : graph.inputs()) {
            rows.add(List.of("input", describe(v)));
        }
        for (Value v : graph.outputs()) {
            rows.add(List.of("output", describe(v)));
        }
        operators().forEach((name, count) -> rows.add(List.of("operator", count + " x " + name)));
        rows.add(List.of("parameters", Text.grouped(graph.parameters())));
        rows.add(List.of("MACs", Text.grouped(graph.macs())));
        ModelMetadata m = model.metadata();
        if (!m.name().isEmpty()) {
            rows.add(List.of("name", m.name()));
        }
        if (!m.mean().isEmpty()) {
            rows.add(List.of("input normalisation", "mean " + m.mean() + ", std " + m.std()));
        }
        if (!m.labels().isEmpty()) {
            rows.add(List.of("labels", m.labels().size() + ": " + m.labels()));
        }
        model.files().entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(f -> rows.add(List.of("packed file", f.getKey() + ", " + Text.grouped(f.getValue().length) + " bytes")));
        return Text.table(rows);
    }

    private static String describe(Value v) {
        Quantization q = v.type().quant();
        return v.name() + " " + v.type().dtype().label() + v.type().shape() + (q.isNone() ? "" : q.isPerAxis()
                ? ", quantised per index of axis " + q.axis() : ", scale " + q.scale() + ", zero point " + q.zeroPoint());
    }
}
