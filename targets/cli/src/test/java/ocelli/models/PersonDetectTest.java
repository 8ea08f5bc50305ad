package ocelli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import ocelli.core.model.Models;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TensorFlow Lite refuses this file ("invalid quantization parameters"), so known photos judge it: class 0 is "no person", class 1 "person". */
class PersonDetectTest {
    @ParameterizedTest
    @CsvSource({
            "coco_gt11/images/000000000785.jpg, true",
            "coco_gt11/images/000000000872.jpg, true",
            "coco_gt11/images/000000000885.jpg, true",
            "coco_gt11/images/000000001000.jpg, true",
            "face_photos/10.jpg, true",
            "tflite_support_photos/burger.jpg, false",
            "tflite_support_photos/cats_and_dogs.jpg, false",
            "coco_gt11/images/000000000285.jpg, false",
            "coco_gt11/images/000000000724.jpg, false"})
    void saysWhetherThereIsAPerson(String photo, boolean person) throws IOException {
        ModelCase model = ModelCase.all().stream().filter(m -> m.file().startsWith("person_detect")).findFirst().orElseThrow();
        try (Session session = Session.open(Models.read(model.path()).graph(), SessionOptions.defaults())) {
            ModelCase.fillWithPhoto(session.inputs().get(0), photo);
            session.run();
            double yes = session.outputs().get(0).get(1);
            double no = session.outputs().get(0).get(0);
            System.out.println("person_detect " + photo + ": person " + yes + ", no person " + no);
            assertEquals(person, yes > no, photo + ": person " + yes + ", no person " + no);
        }
    }
}
