package ocelli.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import ocelli.core.graph.Node;
import ocelli.core.plan.ExecutionPlan;
import ocelli.core.plan.LoadReport;
import ocelli.core.plan.Step;

/**
 * A plan for humans and programs.
 *
 * @param readNanos what reading the model took
 */
record PlanReport(String model, ExecutionPlan plan, int threads, long readNanos) {

    void write(JsonGenerator g) throws IOException {
        g.writeStartObject();
        g.writeStringField("model", model);
        g.writeNumberField("threads", threads);
        g.writeArrayFieldStart("nodes");
        for (Step s : plan.steps()) {
            g.writeStartObject();
            g.writeStringField("name", names(s));
            g.writeStringField("operator", operators(s));
            g.writeStringField("provider", s.provider());
            g.writeStringField("tier", s.tier());
            g.writeStringField("kernel", s.kernelName());
            g.writeNumberField("tiles", s.tiles());
            g.writeNumberField("scratchBytes", s.scratchBytes());
            strings(g, "refusals", s.refusals());
            g.writeEndObject();
        }
        g.writeEndArray();
        g.writeNumberField("arenaBytes", plan.arenaBytes());
        g.writeNumberField("lowerBoundBytes", plan.memory().lowerBound());
        g.writeNumberField("constantBytes", plan.constantBytes());
        LoadReport load = plan.load();
        g.writeObjectFieldStart("load");
        g.writeNumberField("readMs", millis(readNanos));
        g.writeNumberField("planMs", millis(load.planNanos()));
        g.writeNumberField("packMs", millis(load.packNanos()));
        g.writeNumberField("mapMs", millis(load.mapNanos()));
        g.writeNumberField("writeMs", millis(load.writeNanos()));
        g.writeNumberField("packed", load.packed());
        g.writeNumberField("mapped", load.mapped());
        g.writeEndObject();
        strings(g, "notes", plan.notes());
        g.writeEndObject();
    }

    private static String names(Step s) {
        return s.nodes().stream().map(Node::name).collect(Collectors.joining(" + "));
    }

    private static String operators(Step s) {
        return s.nodes().stream().map(n -> n.op().name()).collect(Collectors.joining(" + "));
    }

    private static double millis(long nanos) {
        return Math.round(nanos / 1e4) / 100.0;
    }

    private String load() {
        LoadReport load = plan.load();
        return "read " + millis(readNanos) + ", plan " + millis(load.planNanos()) + ", pack " + millis(load.packNanos()) + " ("
                + load.packed() + " pieces), map " + millis(load.mapNanos()) + " (" + load.mapped() + " pieces), write "
                + millis(load.writeNanos()) + " ms";
    }

    private static void strings(JsonGenerator g, String field, List<String> values) throws IOException {
        g.writeArrayFieldStart(field);
        for (String v : values) {
            g.writeString(v);
        }
        g.writeEndArray();
    }

    String text() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("#", "node", "operator", "output", "provider", "tier", "kernel", "tiles", "why not a faster one"));
        Map<String, Integer> providers = new TreeMap<>();
        for (Step s : plan.steps()) {
            providers.merge(s.provider(), 1, Integer::sum);
            rows.add(List.of(Integer.toString(rows.size() - 1), names(s), operators(s), s.node().output().type().shape().toString(),
                    s.provider(), s.tier(), s.kernelName(), Integer.toString(s.tiles()), String.join("; ", s.refusals())));
        }
        StringBuilder text = new StringBuilder(Text.table(rows)).append('\n');
        for (String note : plan.notes()) {
            text.append(Text.oneLine(note)).append('\n');
        }
        List<List<String>> sums = new ArrayList<>();
        sums.add(List.of("nodes", plan.steps().size() + " on " + providers));
        sums.add(List.of("threads", Integer.toString(threads)));
        sums.add(List.of("arena", Text.grouped(plan.arenaBytes()) + " bytes for activations and scratch memory, the largest live set has "
                + Text.grouped(plan.memory().lowerBound())));
        sums.add(List.of("constants", Text.grouped(plan.constantBytes()) + " bytes for packed weights and tables"));
        sums.add(List.of("load", load()));
        return text.append('\n').append(Text.table(sums)).toString();
    }
}
