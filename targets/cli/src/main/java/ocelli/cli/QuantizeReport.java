package ocelli.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import ocelli.compress.LayerReport;
import ocelli.compress.QuantizeResult;
import ocelli.compress.Range;
import ocelli.core.plan.Step;
import ocelli.core.tensor.Shape;

/**
 * What quantisation did to a model, for humans and programs.
 *
 * @param bytesBefore of the model's file
 * @param before      times of the float network on this machine
 * @param after       times of the written network
 * @param nanosToMake from the reading of the model to the written file
 * @param peakBytes   the most memory that was resident until then, 0 where nobody knows
 */
record QuantizeReport(Path model, Path out, long bytesBefore, long bytesAfter, QuantizeResult result, LayerTimes before, LayerTimes after,
                      int photos, String machine, long nanosToMake, long peakBytes) {
    /** Channels below which a dot product of integers runs half empty. */
    private static final int FEW_CHANNELS = 16;
    /** Differences below this are noise. */
    private static final double SLOWER = 1.1;

    String text() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("written", out + ", " + Text.grouped(bytesAfter) + " bytes (the model has " + Text.grouped(bytesBefore) + ")"));
        rows.add(List.of("layers", result.integerLayers() + " int8, " + (result.layers().size() - result.integerLayers()) + " float"));
        rows.add(List.of("accuracy", accuracy()));
        rows.add(List.of("time", Text.millis(after.run()) + " ms (the float model takes " + Text.millis(before.run()) + ")"));
        rows.add(List.of("made in", effort()));
        for (LayerReport layer : result.layers()) {
            if (!layer.integer()) {
                rows.add(List.of("stays float", layer.node().name() + ": " + layer.reason()));
            }
        }
        notes().forEach(n -> rows.add(List.of("note", n)));
        return Text.table(rows);
    }

    String effort() {
        return String.format(Locale.ROOT, "%.0f s", nanosToMake / 1e9)
                + (peakBytes == 0 ? "" : String.format(Locale.ROOT, ", with %.0f MB of memory", peakBytes / 1e6));
    }

    String accuracy() {
        return result.verdict().text() + " on " + photos + (photos == 1 ? " photo" : " photos")
                + (result.met() ? "" : "; this is worse than --max-drop allows, "
                + "even with every layer but the excluded ones tried as float");
    }

    /** Plain sentences: what a user should know, and why where int8 does not pay. */
    List<String> notes() {
        List<String> notes = new ArrayList<>(result.notes());
        if (after.run() > before.run()) {
            notes.add("int8 is slower than float on this machine as a whole.");
        }
        if (2 * result.integerLayers() < result.layers().size()) {
            notes.add("More than half of the layers stay float, so that boxes stay in their places. A larger --max-drop makes the model "
                    + "faster: boxes then move by some pixels before they get lost.");
        }
        if (after.conversion() > after.run() / 10) {
            notes.add(String.format(Locale.ROOT,
                    "Conversions between float and int8 take %.0f %% of the time: float layers among int8 ones "
                    + "cost more than themselves.", 100.0 * after.conversion() / after.run()));
        }
        for (LayerReport layer : result.layers()) {
            slower(layer).ifPresent(notes::add);
        }
        return notes;
    }

    private Optional<String> slower(LayerReport layer) {
        String name = layer.node().name();
        long x = before.of(name);
        long y = after.of(name);
        if (!layer.integer() || x == 0 || y < x * SLOWER) {
            return Optional.empty();
        }
        Step step = after.kernels().get(name);
        Shape in = layer.node().input(0).type().shape();
        String why = !step.provider().equals("native") ? "its integer kernel is the " + step.provider() + " one"
                + (step.refusals().isEmpty() ? "" : " (" + step.refusals().getFirst() + ")")
                : in.channels() < FEW_CHANNELS ? "its " + in.channels() + " input channels are too few to fill integer dot products"
                : layer.node().op().name().startsWith("Depthwise")
                ? "a depthwise layer has one product a channel, so dot products do not help it"
                : "its kernel runs on " + step.tier();
        return Optional.of(String.format(Locale.ROOT, "%s is slower in int8 (%.0f µs) than in float (%.0f µs): %s.",
                name, y / 1e3, x / 1e3, why));
    }

    void write(JsonGenerator g) throws IOException {
        g.writeStartObject();
        g.writeStringField("model", model.toString());
        g.writeStringField("out", out.toString());
        g.writeNumberField("bytesBefore", bytesBefore);
        g.writeNumberField("bytesAfter", bytesAfter);
        g.writeNumberField("nanosBefore", before.run());
        g.writeNumberField("nanosAfter", after.run());
        g.writeNumberField("nanosToMake", nanosToMake);
        g.writeNumberField("peakBytes", peakBytes);
        g.writeStringField("machine", machine);
        g.writeNumberField("photos", photos);
        g.writeNumberField("drop", result.verdict().drop());
        g.writeStringField("accuracy", result.verdict().text());
        g.writeBooleanField("met", result.met());
        g.writeArrayFieldStart("notes");
        for (String note : notes()) {
            g.writeString(note);
        }
        g.writeEndArray();
        g.writeArrayFieldStart("layers");
        for (LayerReport layer : result.layers()) {
            write(g, layer);
        }
        g.writeEndArray();
        g.writeEndObject();
    }

    private void write(JsonGenerator g, LayerReport layer) throws IOException {
        g.writeStartObject();
        g.writeStringField("name", layer.node().name());
        g.writeStringField("operator", layer.node().op().name());
        g.writeStringField("output", layer.node().output().type().shape().toString());
        g.writeBooleanField("integer", layer.integer());
        g.writeStringField("reason", layer.reason());
        // JSON has no infinity: what has no error has no number.
        if (Double.isFinite(layer.quality().sqnr())) {
            g.writeNumberField("sqnr", layer.quality().sqnr());
        } else {
            g.writeNullField("sqnr");
        }
        g.writeNumberField("cosine", layer.quality().cosine());
        g.writeNumberField("saturated", layer.quality().saturated());
        range(g, "observed", layer.observed());
        if (layer.range().isPresent()) {
            range(g, "range", layer.range().get());
        }
        g.writeArrayFieldStart("histogram");
        for (long n : layer.histogram()) {
            g.writeNumber(n);
        }
        g.writeEndArray();
        g.writeNumberField("nanosBefore", before.of(layer.node().name()));
        g.writeNumberField("nanosAfter", after.of(layer.node().name()));
        g.writeEndObject();
    }

    private static void range(JsonGenerator g, String name, Range range) throws IOException {
        g.writeArrayFieldStart(name);
        g.writeNumber(range.min());
        g.writeNumber(range.max());
        g.writeEndArray();
    }
}
