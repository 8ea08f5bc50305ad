package ocelli.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import ocelli.core.tensor.Shape;
import org.junit.jupiter.api.Test;

class ReadOptionsTest {
    private static ReadOptions shapes(Map<String, Shape> shapes) {
        return new ReadOptions(shapes, Map.of());
    }

    @Test
    void aShapeWithoutANameIsForTheOnlyInput() {
        assertEquals(Map.of("x", Shape.of(1, 3)), shapes(Map.of("", Shape.of(1, 3))).of(List.of("x")).shapes());
        assertEquals(Map.of("", Shape.of(1, 3)), shapes(Map.of("", Shape.of(1, 3))).of(List.of("", "x")).shapes());
        assertEquals(ReadOptions.NONE, ReadOptions.NONE.of(List.of("x", "y")));
    }

    @Test
    void optionsForNoInput() {
        fails("no input is named a, b, wanted one of [x, y]", shapes(Map.of("b", Shape.of(1), "x", Shape.of(1), "a", Shape.of(1))));
        fails("a shape has no name, wanted one of [x, y]", shapes(Map.of("", Shape.of(1))));
        IllegalArgumentException two = assertThrows(IllegalArgumentException.class,
                () -> shapes(Map.of("", Shape.of(1), "x", Shape.of(1))).of(List.of("x")));
        assertEquals("input x has two shapes, wanted one", two.getMessage());
    }

    private static void fails(String message, ReadOptions options) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> options.of(List.of("x", "y"))).getMessage());
    }
}
