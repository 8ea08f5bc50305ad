package ocelli.vision.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Photos and what is in them. Photos and categories stand by rising id, which decides between equal scores as COCO's own
 * program does.
 */
public record Dataset(List<Photo> photos, List<Category> categories, List<Truth> truths) {
    /**
     * A photo.
     *
     * @param id   of the annotations, unique
     * @param file name as the annotations have it
     */
    public record Photo(long id, String file) {
    }

    /** A kind of objects, with the unique id of the annotations. */
    public record Category(long id, String name) {
    }

    /** @throws IllegalArgumentException when ids are not rising, or an object belongs to no photo or category */
    public Dataset {
        photos = List.copyOf(photos);
        categories = List.copyOf(categories);
        truths = List.copyOf(truths);
        rising("photo", photos.stream().mapToLong(Photo::id).toArray());
        rising("category", categories.stream().mapToLong(Category::id).toArray());
        for (Truth t : truths) {
            if (t.photo() < 0 || t.photo() >= photos.size() || t.category() < 0 || t.category() >= categories.size()) {
                throw new IllegalArgumentException("object in photo " + t.photo() + " of " + photos.size() + " and category " + t.category()
                        + " of " + categories.size());
            }
        }
    }

    private static void rising(String what, long[] ids) {
        for (int i = 1; i < ids.length; i++) {
            if (ids[i] <= ids[i - 1]) {
                throw new IllegalArgumentException(what + " id " + ids[i] + " after " + ids[i - 1] + ", wanted rising ids");
            }
        }
    }

    /** The order of the lists here. */
    public static final Comparator<Photo> BY_PHOTO_ID = Comparator.comparingLong(Photo::id);
    /** The order of the lists here. */
    public static final Comparator<Category> BY_CATEGORY_ID = Comparator.comparingLong(Category::id);

    /** Only the photos and categories whose indices pass, with new indices, and the objects that belong to both. */
    public Dataset only(IntPredicate photo, IntPredicate category) {
        int[] photoTo = indices(photos.size(), photo);
        int[] categoryTo = indices(categories.size(), category);
        List<Truth> kept = new ArrayList<>();
        for (Truth t : truths) {
            if (photoTo[t.photo()] >= 0 && categoryTo[t.category()] >= 0) {
                kept.add(new Truth(photoTo[t.photo()], categoryTo[t.category()], t.box(), t.area(), t.crowd(), t.difficult()));
            }
        }
        return new Dataset(IntStream.range(0, photos.size()).filter(photo).mapToObj(photos::get).toList(),
                IntStream.range(0, categories.size()).filter(category).mapToObj(categories::get).toList(), kept);
    }

    /** The new index of each of so many things when only some are kept, -1 for the others. */
    public static int[] indices(int size, IntPredicate kept) {
        int[] to = new int[size];
        Arrays.fill(to, -1);
        int[] order = IntStream.range(0, size).filter(kept).toArray();
        for (int i = 0; i < order.length; i++) {
            to[order[i]] = i;
        }
        return to;
    }
}
