package ocelli.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ocelli.core.graph.Graph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsTest {
    @Test
    void aFileThatNoReaderKnows(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("some.bin"), new byte[5]);
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> Models.read(file));
        assertTrue(e.getMessage().startsWith(file + ": offset 0: found 5 bytes"), e.getMessage());
        assertThrows(ModelFormatException.class, () -> Models.read(Files.write(folder.resolve("empty.bin"), new byte[0])));
    }

    @Test
    void aFileThatIsNotThere(@TempDir Path folder) {
        assertThrows(NoSuchFileException.class, () -> Models.read(folder.resolve("absent.tflite")));
        assertThrows(IOException.class, () -> Models.read(folder));
    }

    @Test
    void formatErrorsNameFilePlaceAndCause() {
        IllegalArgumentException cause = new IllegalArgumentException("why");
        ModelFormatException e = new ModelFormatException("a.tflite", "offset 12", "found 3, wanted 4", cause);
        assertEquals("a.tflite: offset 12: found 3, wanted 4", e.getMessage());
        assertEquals("a.tflite", e.path());
        assertEquals("offset 12", e.where());
        assertSame(cause, e.getCause());
    }

    @Test
    void unsupportedModelsListAllReasons() {
        List<String> reasons = new ArrayList<>(List.of("node a: no", "node b: no"));
        UnsupportedModelException e = new UnsupportedModelException("m", reasons);
        reasons.clear();
        assertEquals("m: node a: no; node b: no", e.getMessage());
        assertEquals(2, e.reasons().size());
    }

    @Test
    void metadataIsAPairOfLists() {
        assertThrows(IllegalArgumentException.class, () -> new ModelMetadata("m", List.of(1f), List.of(), true, List.of()));
        assertTrue(ModelMetadata.EMPTY.labels().isEmpty());
    }

    @Test
    void modelsKeepTheirFiles() {
        Map<String, byte[]> files = new HashMap<>(Map.of("labels.txt", new byte[1]));
        Model model = new Model("tflite", new Graph("g", List.of(), List.of(), List.of()), ModelMetadata.EMPTY, files);
        files.clear();
        assertEquals(1, model.files().size());
    }
}
