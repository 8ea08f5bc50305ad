package ocelli.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import ocelli.vision.Detection;
import ocelli.vision.Detector.StageTimes;

/**
 * What was found in one photo.
 *
 * @param image as the user named it
 * @param width pixels of the photo
 * @param other nanoseconds that the network takes that the model was made from, where it runs too
 */
record PhotoResult(String image, int width, int height, List<Detection> detections, StageTimes times, OptionalLong other) {

    /** One object: image, width, height, and the detections with boxes and, where a model has them, points in pixels of the photo. */
    void write(JsonGenerator g) throws IOException {
        g.writeStartObject();
        g.writeStringField("image", image);
        g.writeNumberField("width", width);
        g.writeNumberField("height", height);
        g.writeArrayFieldStart("detections");
        for (Detection d : detections) {
            g.writeStartObject();
            g.writeStringField("label", d.label());
            g.writeNumberField("class", d.classIndex());
            g.writeNumberField("score", d.score());
            g.writeFieldName("box");
            g.writeArray(new double[] {decimal(d.x1()), decimal(d.y1()), decimal(d.x2()), decimal(d.y2())}, 0, 4);
            if (!d.keypoints().isEmpty()) {
                g.writeArrayFieldStart("keypoints");
                for (Detection.Keypoint p : d.keypoints()) {
                    g.writeArray(new double[] {decimal(p.x()), decimal(p.y())}, 0, 2);
                }
                g.writeEndArray();
            }
            g.writeEndObject();
        }
        g.writeEndArray();
        g.writeEndObject();
    }

    /** A float's own shortest decimal, without the digits that widening to a double would show. */
    private static double decimal(float v) {
        return Double.parseDouble(Float.toString(v));
    }

    /** Lines for humans: one for each detection, and one with the times. */
    static String text(List<PhotoResult> results) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("image", "label", "score", "x1", "y1", "x2", "y2"));
        for (PhotoResult r : results) {
            for (Detection d : r.detections) {
                rows.add(List.of(r.image, d.label(), String.format(Locale.ROOT, "%.2f", d.score()), pixel(d.x1()), pixel(d.y1()),
                        pixel(d.x2()), pixel(d.y2())));
            }
            if (r.detections.isEmpty()) {
                rows.add(List.of(r.image, "(nothing)"));
            }
        }
        List<List<String>> times = new ArrayList<>();
        boolean both = results.stream().anyMatch(r -> r.other.isPresent());
        times.add(both ? List.of("image", "size", "prepare ms", "run ms", "float run ms", "decode ms")
                : List.of("image", "size", "prepare ms", "run ms", "decode ms"));
        for (PhotoResult r : results) {
            List<String> row = new ArrayList<>(List.of(r.image, r.width + "x" + r.height, Text.millis(r.times.prepare()),
                    Text.millis(r.times.run())));
            r.other.ifPresent(nanos -> row.add(Text.millis(nanos)));
            row.add(Text.millis(r.times.decode()));
            times.add(row);
        }
        return Text.table(rows) + "\n" + Text.table(times);
    }

    private static String pixel(float v) {
        return Integer.toString(Math.round(v));
    }
}
