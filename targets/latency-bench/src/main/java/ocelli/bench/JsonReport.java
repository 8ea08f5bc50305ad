package ocelli.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import ocelli.bench.ModelResult.Start;
import ocelli.bench.ModelResult.Threads;
import ocelli.cli.Json;

/** All figures, with what they are of. A comparison that was refused has no ratios. */
record JsonReport(Environment environment, List<String> command, RaceSettings race, List<String> startOptions, List<ModelResult> models,
                  List<TargetResult> targets) {

    String text() throws IOException {
        return Json.text(this::write);
    }

    private void write(JsonGenerator g) throws IOException {
        g.writeStartObject();
        g.writeObjectFieldStart("machine");
        g.writeStringField("processor", environment.processor());
        g.writeNumberField("cores", environment.cores());
        g.writeStringField("platform", environment.platform());
        g.writeNumberField("loadAverage", environment.load());
        strings(g, "kernels", environment.kernels());
        strings(g, "peers", environment.versions());
        strings(g, "javaOptions", environment.javaOptions());
        strings(g, "javaOptionsOfStarts", startOptions);
        g.writeEndObject();
        strings(g, "command", command);
        g.writeObjectFieldStart("race");
        g.writeNumberField("warmUpMillis", race.warmUpMillis());
        g.writeNumberField("repeats", race.repeats());
        g.writeNumberField("turnMillis", race.turnMillis());
        g.writeEndObject();
        g.writeArrayFieldStart("models");
        for (ModelResult m : models) {
            model(g, m);
        }
        g.writeEndArray();
        g.writeArrayFieldStart("targets");
        for (TargetResult t : targets) {
            g.writeStartObject();
            g.writeStringField("measure", t.target().measure().label());
            g.writeStringField("model", t.name());
            g.writeNumberField("limit", t.target().limit());
            if (t.found().isPresent()) {
                g.writeNumberField("found", t.found().get());
            }
            g.writeStringField("verdict", t.verdict().label());
            g.writeEndObject();
        }
        g.writeEndArray();
        g.writeEndObject();
    }

    private static void model(JsonGenerator g, ModelResult m) throws IOException {
        g.writeStartObject();
        g.writeStringField("model", m.name());
        g.writeStringField("file", m.file().toString());
        g.writeStringField("format", m.format());
        strings(g, "inputs", m.inputs());
        g.writeNumberField("arenaBytes", m.arena());
        g.writeNumberField("arenaLowerBoundBytes", m.bound());
        g.writeObjectFieldStart("starts");
        for (Map.Entry<String, Start> start : m.starts().entrySet()) {
            g.writeObjectFieldStart(start.getKey());
            g.writeNumberField("firstInferenceMillis", start.getValue().millis());
            g.writeNumberField("loadMillis", start.getValue().figures().loadNanos() / 1e6);
            g.writeNumberField("firstRunMillis", start.getValue().figures().runNanos() / 1e6);
            g.writeNumberField("rssBytes", start.getValue().figures().rssBytes());
            g.writeNumberField("peakRssBytes", start.getValue().figures().peakBytes());
            g.writeEndObject();
        }
        g.writeEndObject();
        g.writeArrayFieldStart("runs");
        for (Threads run : m.runs()) {
            run(g, run);
        }
        g.writeEndArray();
        g.writeEndObject();
    }

    private static void run(JsonGenerator g, Threads run) throws IOException {
        g.writeStartObject();
        g.writeNumberField("threads", run.threads());
        g.writeArrayFieldStart("contenders");
        for (Timing t : run.timings()) {
            g.writeStartObject();
            g.writeStringField("name", t.contender());
            g.writeNumberField("p50Millis", t.quantile(0.5) / 1e6);
            g.writeNumberField("p90Millis", t.quantile(0.9) / 1e6);
            g.writeNumberField("p99Millis", t.quantile(0.99) / 1e6);
            g.writeNumberField("bestP50Millis", t.bestMedian() / 1e6);
            g.writeNumberField("cpuMillisPerRun", t.cpuNanosPerRun() / 1e6);
            g.writeNumberField("runs", t.runs());
            g.writeArrayFieldStart("p50MillisOfTurns");
            for (int i = 0; i < t.repeats().size(); i++) {
                g.writeNumber(t.median(i) / 1e6);
            }
            g.writeEndArray();
            g.writeEndObject();
        }
        g.writeEndArray();
        comparisons(g, "toBestPeer", run.peers(), run.threads());
        comparisons(g, "toFirstKernels", run.kinds(), run.threads());
        g.writeArrayFieldStart("layers");
        for (LayerTime l : run.profile()) {
            g.writeStartObject();
            g.writeStringField("kernel", l.kernel());
            g.writeStringField("operator", l.node());
            g.writeNumberField("micros", l.nanos() / 1e3);
            g.writeNumberField("macs", l.macs());
            g.writeNumberField("shareOfPeak", l.share());
            g.writeNumberField("bytes", l.bytes());
            g.writeEndObject();
        }
        g.writeEndArray();
        g.writeEndObject();
    }

    private static void comparisons(JsonGenerator g, String field, List<Comparison> comparisons, int threads) throws IOException {
        g.writeArrayFieldStart(field);
        for (Comparison c : comparisons) {
            g.writeStartObject();
            g.writeStringField("ours", c.ours());
            g.writeStringField("other", c.other());
            g.writeBooleanField("sameOutputs", c.accepted());
            if (c.accepted()) {
                g.writeNumberField("ratio", c.judged(threads));
                g.writeNumberField("medianRatioOfTurns", c.pairwise());
                g.writeNumberField("ratioOfBestTurns", c.best());
            }
            g.writeArrayFieldStart("differences");
            for (OutputDifference d : c.differences()) {
                g.writeStartObject();
                g.writeStringField("output", d.output());
                g.writeStringField("measure", d.measure().label());
                g.writeNumberField("worst", d.worst());
                g.writeNumberField("mean", d.mean());
                g.writeBooleanField("accepted", d.accepted());
                g.writeEndObject();
            }
            g.writeEndArray();
            g.writeEndObject();
        }
        g.writeEndArray();
    }

    private static void strings(JsonGenerator g, String field, List<String> values) throws IOException {
        g.writeArrayFieldStart(field);
        for (String v : values) {
            g.writeString(v);
        }
        g.writeEndArray();
    }

    private static void strings(JsonGenerator g, String field, Map<String, String> values) throws IOException {
        g.writeObjectFieldStart(field);
        for (Map.Entry<String, String> e : values.entrySet()) {
            g.writeStringField(e.getKey(), e.getValue());
        }
        g.writeEndObject();
    }
}
