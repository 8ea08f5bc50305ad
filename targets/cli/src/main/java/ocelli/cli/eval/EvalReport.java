package ocelli.cli.eval;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import ocelli.cli.Json;
import ocelli.cli.Text;
import ocelli.vision.eval.CocoResult;
import ocelli.vision.eval.Confusion;
import ocelli.vision.eval.Dataset;
import ocelli.vision.eval.Survival;
import ocelli.vision.eval.VocResult;

/**
 * The numbers for humans and for programs.
 *
 * @param data     the dataset as far as it counted; empty without annotations
 * @param photos   that were looked at
 * @param notes    what was left out, and why
 * @param scores   of the float model, where there is one, and of the model itself
 * @param survival of the float model's detections
 * @param above    score from which on detections counted in the confusion summary and survival
 */
public record EvalReport(Optional<Dataset> data, int photos, List<String> notes, List<Scores> scores, Optional<Survival> survival,
        double above) {
    /** Overlap from which on a detection has survived. */
    public static final double SURVIVAL_OVERLAP = 0.85;
    private static final int PAIRS = 5;

    /** All measures of one model by name, COCO's twelve first. */
    private static Map<String, Double> measures(Scores s) {
        Map<String, Double> all = s.coco().byName();
        all.put("VOC mAP", s.voc().area());
        all.put("VOC 11-point", s.voc().elevenPoints());
        return all;
    }

    /** Lines for humans. */
    public String text() {
        StringBuilder s = new StringBuilder(count(photos, "photo", "photos"));
        data.ifPresent(d -> s.append(", ").append(count(d.truths().size(), "object", "objects")).append(" of ")
                .append(count(d.categories().size(), "category", "categories")));
        s.append('\n');
        notes.forEach(n -> s.append(n).append('\n'));
        if (!scores.isEmpty()) {
            s.append('\n').append(Text.table(summary())).append('\n').append(Text.table(byCategory(scores.getLast())));
            s.append(pairs(scores.getLast().confusion()));
        }
        survival.ifPresent(v -> s.append('\n').append(v.survived()).append(" of ").append(v.asked()).append(String.format(Locale.ROOT,
                " detections above %.2f survive with overlap %.2f and the same class: %.1f %%; their scores move by %.3f in the mean\n",
                above, SURVIVAL_OVERLAP, 100 * v.share(), v.scoreMove())));
        return s.toString();
    }

    private static String count(int n, String one, String many) {
        return n + " " + (n == 1 ? one : many);
    }

    private List<List<String>> summary() {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(""));
        scores.forEach(s -> head.add(s.name()));
        if (scores.size() == 2) {
            head.add("difference");
        }
        rows.add(head);
        for (String name : measures(scores.get(0)).keySet()) {
            List<String> row = new ArrayList<>(List.of(name));
            List<Double> values = scores.stream().map(s -> measures(s).get(name)).toList();
            values.forEach(v -> row.add(decimal(v)));
            if (values.size() == 2) {
                row.add(values.contains(-1.0) ? "-" : String.format(Locale.ROOT, "%+.4f", values.get(1) - values.get(0)));
            }
            rows.add(row);
        }
        return rows;
    }

    private static String decimal(double v) {
        return v < 0 ? "-" : String.format(Locale.ROOT, "%.4f", v);
    }

    private List<List<String>> byCategory(Scores s) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("category", "objects", "AP", "AP50", "VOC AP", String.format(Locale.ROOT, "above %.2f: found", above), "confused",
                "missed", "false alarms"));
        Confusion c = s.confusion();
        for (int i = 0; i < s.coco().categories().size(); i++) {
            CocoResult.OfCategory coco = s.coco().categories().get(i);
            if (c.objects(i) > 0 || coco.objects() > 0 || c.falseAlarms(i) > 0) {
                rows.add(List.of(coco.name(), Integer.toString(coco.objects()), decimal(coco.ap()), decimal(coco.ap50()),
                        decimal(s.voc().categories().get(i).area()), Integer.toString(c.right(i)),
                        Integer.toString(c.objects(i) - c.right(i) - c.missed(i)), Integer.toString(c.missed(i)),
                        Integer.toString(c.falseAlarms(i))));
            }
        }
        return rows;
    }

    private String pairs(Confusion c) {
        List<String> most = c.pairs().stream().limit(PAIRS).map(p -> name(p.truth()) + " as " + name(p.found()) + " " + p.times()).toList();
        return most.isEmpty() ? "" : "most often taken for something else: " + String.join(", ", most) + "\n";
    }

    private String name(int category) {
        return data.orElseThrow().categories().get(category).name();
    }

    /** The same for programs; measures without an object to be found are -1, as COCO has them. */
    public String json() throws IOException {
        return Json.text(g -> {
            g.writeStartObject();
            g.writeNumberField("photos", photos);
            g.writeArrayFieldStart("notes");
            for (String note : notes) {
                g.writeString(note);
            }
            g.writeEndArray();
            g.writeArrayFieldStart("results");
            for (Scores s : scores) {
                write(g, s);
            }
            g.writeEndArray();
            if (survival.isPresent()) {
                Survival v = survival.get();
                g.writeObjectFieldStart("survival");
                g.writeNumberField("above", above);
                g.writeNumberField("overlap", SURVIVAL_OVERLAP);
                g.writeNumberField("asked", v.asked());
                g.writeNumberField("survived", v.survived());
                g.writeNumberField("share", v.share());
                g.writeNumberField("scoreMove", v.scoreMove());
                g.writeEndObject();
            }
            g.writeEndObject();
        });
    }

    private void write(JsonGenerator g, Scores s) throws IOException {
        g.writeStartObject();
        g.writeStringField("model", s.name());
        g.writeObjectFieldStart("coco");
        for (Map.Entry<String, Double> m : s.coco().byName().entrySet()) {
            g.writeNumberField(m.getKey(), m.getValue());
        }
        g.writeEndObject();
        g.writeObjectFieldStart("voc");
        g.writeNumberField("mAP", s.voc().area());
        g.writeNumberField("mAP11", s.voc().elevenPoints());
        g.writeEndObject();
        Confusion c = s.confusion();
        g.writeArrayFieldStart("categories");
        for (int i = 0; i < s.coco().categories().size(); i++) {
            CocoResult.OfCategory coco = s.coco().categories().get(i);
            VocResult.OfCategory voc = s.voc().categories().get(i);
            g.writeStartObject();
            g.writeStringField("name", coco.name());
            g.writeNumberField("objects", coco.objects());
            g.writeNumberField("AP", coco.ap());
            g.writeNumberField("AP50", coco.ap50());
            g.writeNumberField("vocAP", voc.area());
            g.writeNumberField("vocAP11", voc.elevenPoints());
            g.writeNumberField("found", c.right(i));
            g.writeNumberField("missed", c.missed(i));
            g.writeNumberField("falseAlarms", c.falseAlarms(i));
            g.writeEndObject();
        }
        g.writeEndArray();
        g.writeArrayFieldStart("confused");
        for (Confusion.Pair p : c.pairs()) {
            g.writeStartObject();
            g.writeStringField("is", name(p.truth()));
            g.writeStringField("as", name(p.found()));
            g.writeNumberField("times", p.times());
            g.writeEndObject();
        }
        g.writeEndArray();
        g.writeEndObject();
    }
}
