package ocelli.formats.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ocelli.core.model.ModelMetadata;
import ocelli.core.model.ReadOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What exporters write beside the graph. */
class OnnxMetadataTest {
    @Test
    void classNamesAsPythonPrintsThem() {
        assertEquals(List.of("person", "traffic light"), OnnxMetadata.labels("{0: 'person', 1: 'traffic light'}"));
        assertEquals(List.of("person", "driver's seat"), OnnxMetadata.labels("{0:'person',1:\"driver's seat\"}"));
        assertEquals(List.of("a", "b"), OnnxMetadata.labels("{\"1\": \"b\", \"0\": \"a\"}"));
        assertEquals(List.of("a", "b, c"), OnnxMetadata.labels("['a', \"b, c\"]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "[]", "{0: person}", "{0: 'a', 2: 'c'}", "{0: 'a'", "{0: 'a'} and more", "{-1: 'a'}", "{99999999999: 'a'}",
        "person, car", "['a' 'b']"})
    void anythingElseIsNoLabels(String text) {
        assertEquals(List.of(), OnnxMetadata.labels(text));
    }

    @Test
    void longTextsTakeNoLongerThanTheyAre() {
        String many = IntStream.range(0, 20_000).mapToObj(i -> i + ": 'class'").collect(Collectors.joining(", ", "{", "}"));
        assertEquals(List.of(), OnnxMetadata.labels(many));
        String fewer = IntStream.range(0, 10_000).mapToObj(i -> i + ": 'class'").collect(Collectors.joining(", ", "{", "}"));
        assertEquals(10_000, OnnxMetadata.labels(fewer).size());
        assertEquals(List.of(), OnnxMetadata.labels("{" + " ".repeat(900_000)));
    }

    @Test
    void aFileWithNames() {
        byte[] file = new OnnxFile(13).input("x", OnnxFile.F32, 1).node("Relu", "x", "y").outputs("y").metadata("names", "{0: 'cat', 1: 'dog'}")
                .metadata("stride", "32").bytes();
        ModelMetadata metadata = OnnxFile.read(file, ReadOptions.NONE).metadata();
        assertEquals(List.of("cat", "dog"), metadata.labels());
        assertEquals("hand-built", metadata.name());
    }
}
