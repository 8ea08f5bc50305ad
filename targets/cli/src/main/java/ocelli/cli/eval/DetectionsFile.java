package ocelli.cli.eval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ocelli.cli.CommandFailure;
import ocelli.cli.ExitCode;
import ocelli.vision.eval.Dataset;
import ocelli.vision.eval.EvalBox;
import ocelli.vision.eval.Found;
import ocelli.vision.eval.LabelMap;

/**
 * Reads detections in the form of COCO's results: a list of {@code image_id}, {@code category_id}, {@code bbox} and
 * {@code score}, or an object with such a list as its {@code annotations}; when that brings its own {@code images} and
 * {@code categories}, their names count and not the numbers.
 */
public final class DetectionsFile {
    private record Row(long image, long category, EvalBox box, double score) {
    }

    private final List<Row> rows = new ArrayList<>();
    private final Map<Long, String> images = new HashMap<>();
    private final Map<Long, String> categories = new HashMap<>();
    private final Path path;

    /**
     * What was found.
     *
     * @param note what the user should know of how numbers were read; may be empty
     */
    public record Content(List<Found> found, String note) {
    }

    private DetectionsFile(Path path) {
        this.path = path;
    }

    /** @throws CommandFailure when the file is no such file, or speaks of photos that the dataset does not have */
    public static Content read(Path path, Dataset data, LabelMap labels) {
        DetectionsFile file = new DetectionsFile(path);
        JsonReader.read(path, json -> {
            if (json.isArray()) {
                json.array("detections", file::row);
            } else {
                json.object("the detections", Map.of("annotations", j -> j.array("detections", file::row),
                        "images", j -> j.array("images", i -> named(i, "file_name", file.images)),
                        "categories", j -> j.array("categories", c -> named(c, "name", file.categories))), Set.of("annotations"));
            }
        });
        return file.content(data, labels);
    }

    private static void named(JsonReader json, String field, Map<Long, String> names) throws IOException {
        long[] id = new long[1];
        String[] name = new String[1];
        json.object("an entry", Map.of("id", j -> id[0] = j.integer("id"), field, j -> name[0] = j.text(field)), Set.of("id", field));
        names.put(id[0], name[0]);
    }

    private void row(JsonReader json) throws IOException {
        long[] ids = new long[2];
        double[] score = new double[1];
        double[][] box = new double[1][];
        json.object("a detection", Map.of("image_id", j -> ids[0] = j.integer("image_id"),
                "category_id", j -> ids[1] = j.integer("category_id"), "bbox", j -> box[0] = j.box(),
                "score", j -> score[0] = j.number("score")), Set.of("image_id", "category_id", "bbox", "score"));
        rows.add(new Row(ids[0], ids[1], new EvalBox(box[0][0], box[0][1], box[0][2], box[0][3]), score[0]));
    }

    private Content content(Dataset data, LabelMap labels) {
        Map<String, Integer> byFile = new HashMap<>();
        for (int p = 0; p < data.photos().size(); p++) {
            byFile.put(data.photos().get(p).file(), p);
        }
        Map<Long, Integer> byId = CocoFile.places(data.photos().stream().map(Dataset.Photo::id).toList());
        Map<Long, Integer> categoryAt = CocoFile.places(data.categories().stream().map(Dataset.Category::id).toList());
        // 0 is no id of COCO's: whoever has it counts the 80 classes as models do.
        boolean counted = categories.isEmpty() && labels.isCoco() && rows.stream().anyMatch(r -> r.category == 0);
        List<Found> found = new ArrayList<>();
        int unknown = 0;
        for (Row r : rows) {
            Integer photo = images.isEmpty() ? byId.get(r.image) : byFile.get(images.get(r.image));
            if (photo == null) {
                throw new CommandFailure(ExitCode.INPUT, path + ": found detections in image " + (images.isEmpty() ? r.image
                        : images.getOrDefault(r.image, "of id " + r.image)) + ", which the annotations do not have");
            }
            int category = !categories.isEmpty() ? labels.index(categories.getOrDefault(r.category, ""))
                    : counted ? r.category >= 0 && r.category < data.categories().size() ? (int) r.category : -1
                    : categoryAt.getOrDefault(r.category, -1);
            if (category < 0) {
                unknown++;
            } else {
                found.add(new Found(photo, category, r.box, r.score));
            }
        }
        String note = (counted ? "; category ids from 0 on are taken for the places of COCO's 80 classes" : "")
                + (unknown > 0 ? "; " + unknown + " of " + rows.size() + " detections are of categories that the annotations do not have"
                : "");
        return new Content(found, note.isEmpty() ? "" : path + note.replaceFirst(";", ":"));
    }
}
