package ocelli.models;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import ocelli.core.model.Model;
import ocelli.core.model.Models;
import ocelli.core.model.ReadOptions;
import ocelli.core.tensor.Tensor;

/** A real model file of either format, and how to feed it. */
interface RealModel {
    /** Photos below {@code ../shared/images} that every model is fed with. */
    List<String> PHOTOS = List.of("tflite_support_photos/cats_and_dogs.jpg",
            "tflite_support_photos/burger.jpg", "coco_gt11/images/000000000785.jpg", "coco_gt11/images/000000000885.jpg",
            "face_photos/10.jpg");

    static Stream<RealModel> all() {
        return Stream.concat(ModelCase.all().stream(), OnnxCase.all().stream());
    }

    /** Path below {@code ../shared/models}. */
    String file();

    Path path();

    /** How the file is read. */
    default ReadOptions options() {
        return ReadOptions.NONE;
    }

    default Model read() throws IOException {
        return Models.read(path(), options());
    }

    /** False for a network that quantises by what it sees and then picks by rank: a last bit may choose other candidates. */
    default boolean isStable() {
        return true;
    }

    /** Puts photo {@code n} into the image input. */
    void fill(List<Tensor> inputs, int n) throws IOException;

    /** Fills the image input with random pixels. */
    void noise(List<Tensor> inputs, long seed);
}
