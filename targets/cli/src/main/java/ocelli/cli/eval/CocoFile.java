package ocelli.cli.eval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import ocelli.cli.CommandFailure;
import ocelli.cli.ExitCode;
import ocelli.vision.eval.Dataset;
import ocelli.vision.eval.EvalBox;
import ocelli.vision.eval.Truth;

/**
 * Reads COCO's {@code instances_….json}: {@code images}, {@code categories} and {@code annotations}. An object with
 * {@code ignore} is Pascal VOC's difficult one.
 *
 * @see "https://cocodataset.org/#format-data"
 */
final class CocoFile {
    private final Map<Long, Dataset.Photo> photos = new TreeMap<>();
    private final Map<Long, Dataset.Category> categories = new TreeMap<>();
    private final List<Annotation> annotations = new ArrayList<>();

    /** An object with the file's ids. */
    private record Annotation(long image, long category, EvalBox box, double area, boolean crowd, boolean ignored) {
    }

    private CocoFile() {
    }

    /** @throws CommandFailure when the file cannot be read or is no such file */
    static Dataset read(Path path) {
        CocoFile file = new CocoFile();
        JsonReader.read(path, json -> json.object("the annotations", Map.of(
                "images", j -> j.array("images", file::photo),
                "categories", j -> j.array("categories", file::category),
                "annotations", j -> j.array("annotations", file::annotation)), Set.of("images", "categories", "annotations")));
        return file.dataset(path);
    }

    private void photo(JsonReader json) throws IOException {
        long[] id = new long[1];
        String[] name = new String[1];
        json.object("an image", Map.of("id", j -> id[0] = j.integer("id"), "file_name", j -> name[0] = j.text("file_name")),
                Set.of("id", "file_name"));
        if (photos.put(id[0], new Dataset.Photo(id[0], name[0])) != null) {
            throw json.fail("the image id " + id[0] + " a second time", "it once");
        }
    }

    private void category(JsonReader json) throws IOException {
        long[] id = new long[1];
        String[] name = new String[1];
        json.object("a category", Map.of("id", j -> id[0] = j.integer("id"), "name", j -> name[0] = j.text("name")), Set.of("id", "name"));
        if (categories.put(id[0], new Dataset.Category(id[0], name[0])) != null) {
            throw json.fail("the category id " + id[0] + " a second time", "it once");
        }
    }

    private void annotation(JsonReader json) throws IOException {
        long[] ids = new long[2];
        double[] area = {-1};
        double[][] box = new double[1][];
        boolean[] flags = new boolean[2];
        json.object("an annotation", Map.of(
                "image_id", j -> ids[0] = j.integer("image_id"),
                "category_id", j -> ids[1] = j.integer("category_id"),
                "bbox", j -> box[0] = j.box(),
                "area", j -> area[0] = j.number("area"),
                "iscrowd", j -> flags[0] = j.flag("iscrowd"),
                "ignore", j -> flags[1] = j.flag("ignore")), Set.of("image_id", "category_id", "bbox"));
        EvalBox b = new EvalBox(box[0][0], box[0][1], box[0][2], box[0][3]);
        annotations.add(new Annotation(ids[0], ids[1], b, area[0] < 0 ? b.area() : area[0], flags[0], flags[1]));
    }

    /** Categories and images may stand behind the annotations, so names are looked up at the end. */
    private Dataset dataset(Path path) {
        Map<Long, Integer> photoAt = places(photos.keySet());
        Map<Long, Integer> categoryAt = places(categories.keySet());
        List<Truth> truths = new ArrayList<>();
        for (int i = 0; i < annotations.size(); i++) {
            Annotation a = annotations.get(i);
            if (!photoAt.containsKey(a.image) || !categoryAt.containsKey(a.category)) {
                String what = photoAt.containsKey(a.image) ? "category_id " + a.category : "image_id " + a.image;
                throw new CommandFailure(ExitCode.INPUT, path + ": annotation " + (i + 1) + " has " + what + ", wanted one of the "
                        + (photoAt.containsKey(a.image) ? "categories" : "images") + " in the file");
            }
            truths.add(new Truth(photoAt.get(a.image), categoryAt.get(a.category), a.box, a.area, a.crowd, a.ignored));
        }
        return new Dataset(List.copyOf(photos.values()), List.copyOf(categories.values()), truths);
    }

    /** Where each id stands among the rising ids. */
    static Map<Long, Integer> places(Iterable<Long> rising) {
        Map<Long, Integer> places = new HashMap<>();
        for (Long id : rising) {
            places.put(id, places.size());
        }
        return places;
    }
}
