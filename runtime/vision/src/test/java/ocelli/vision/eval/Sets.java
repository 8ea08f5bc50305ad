package ocelli.vision.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Small datasets and detections for tests. */
final class Sets {
    private Sets() {
    }

    static Dataset of(int photos, int categories, Truth... truths) {
        return new Dataset(IntStream.range(0, photos).mapToObj(p -> new Dataset.Photo(10L * p, p + ".jpg")).toList(),
                IntStream.range(0, categories).mapToObj(c -> new Dataset.Category(c + 1, "c" + c)).toList(), List.of(truths));
    }

    static Truth truth(int photo, int category, double x, double y, double w, double h) {
        return new Truth(photo, category, new EvalBox(x, y, w, h), w * h, false, false);
    }

    static Truth crowd(int photo, int category, double x, double y, double w, double h) {
        return new Truth(photo, category, new EvalBox(x, y, w, h), w * h, true, false);
    }

    static Truth difficult(int photo, int category, double x, double y, double w, double h) {
        return new Truth(photo, category, new EvalBox(x, y, w, h), w * h, false, true);
    }

    static Found found(int photo, int category, double score, double x, double y, double w, double h) {
        return new Found(photo, category, new EvalBox(x, y, w, h), score);
    }

    static List<Found> many(int count, double score) {
        List<Found> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(found(0, 0, score, 5_000 + 20 * i, 0, 10, 10));
        }
        return all;
    }
}
