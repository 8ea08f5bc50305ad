package ocelli.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.model.ModelMetadata;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.vision.image.Frame;
import ocelli.vision.prepare.Interpolation;
import ocelli.vision.prepare.Placement;
import ocelli.vision.prepare.Resize;
import org.junit.jupiter.api.Test;

/** The whole way on a network whose answer is known: the mean colour of each 8x8 cell, read as background, green, blue. */
class DetectorTest {
    private static final int SIDE = 64;

    private static Session colourGrid() {
        Value in = Value.of("image", TensorType.of(DType.FLOAT32, 1, SIDE, SIDE, 3));
        Value out = Value.of("grid", TensorType.of(DType.FLOAT32, 1, SIDE / 8, SIDE / 8, 3));
        Node pool = new Node("pool", new Pool2d(Pool2d.Kind.AVERAGE, Window.of(8, 8), Activation.NONE), List.of(in), List.of(out));
        return Session.open(new Graph("colours", List.of(in), List.of(out), List.of(pool)), SessionOptions.defaults());
    }

    private static Recipe recipe(Session s) {
        return Recipes.recognise("colours", s.inputs().stream().map(t -> t.type()).toList(), s.outputs().stream().map(t -> t.type()).toList(),
                ModelMetadata.EMPTY).withInterpolation(Interpolation.NEAREST).withLabels(new Labels(List.of("green", "blue")));
    }

    /** A red photo with a rectangle. */
    private static Frame photo(int width, int height, int x1, int y1, int x2, int y2, int color) {
        Frame f = new Frame(width, height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                f.set(x, y, x >= x1 && x < x2 && y >= y1 && y < y2 ? color : 0xff0000);
            }
        }
        return f;
    }

    private static void assertBox(Detection d, double x1, double y1, double x2, double y2) {
        assertEquals(x1, d.x1(), 1e-3);
        assertEquals(y1, d.y1(), 1e-3);
        assertEquals(x2, d.x2(), 1e-3);
        assertEquals(y2, d.y2(), 1e-3);
    }

    @Test
    void boxesAreInPixelsOfThePhoto() {
        try (Session session = colourGrid(); Detector detector = Detector.open(session, recipe(session))) {
            List<Detection> found = detector.detect(photo(640, 128, 160, 32, 320, 96, 0x00ff00));
            assertEquals(1, found.size());
            assertEquals("green", found.get(0).label());
            assertEquals(1, found.get(0).classIndex());
            assertEquals(1, found.get(0).score(), 1e-5);
            assertBox(found.get(0), 160, 32, 320, 96);
            assertEquals("blue", detector.detect(photo(64, 64, 8, 8, 16, 16, 0x0000ff)).get(0).label());
            assertEquals(List.of(), detector.detect(photo(64, 64, 0, 0, 0, 0, 0)));
            assertTrue(detector.times().total() > 0);
        }
    }

    @Test
    void letterboxIsUndone() {
        try (Session session = colourGrid();
             Detector detector = Detector.open(session, recipe(session).withResize(new Resize.Letterbox(0x00ff00, true)))) {
            // 128x64 becomes 64x32 between green bars, which are cells too; what they find lies outside and is clipped away.
            List<Detection> found = detector.detect(photo(128, 64, 32, 16, 48, 32, 0x0000ff));
            assertEquals(1, found.stream().filter(d -> d.label().equals("blue")).count());
            assertBox(found.stream().filter(d -> d.label().equals("blue")).findFirst().orElseThrow(), 32, 16, 48, 32);
            assertEquals(1, found.size(), "bars are not part of the photo: " + found);
        }
    }

    @Test
    void aTileGivesBoxesOfTheWholePhoto() {
        try (Session session = colourGrid(); Detector detector = Detector.open(session, recipe(session))) {
            Frame photo = photo(300, 200, 150, 104, 166, 120, 0x00ff00);
            List<Detection> found = detector.detect(photo, new Placement(134, 80, SIDE, SIDE, 0, 0, SIDE, SIDE));
            assertEquals(1, found.size());
            assertBox(found.get(0), 150, 104, 166, 120);
        }
    }

    @Test
    void theSessionIsClosedWithTheDetectorAndAfterAFailure() {
        Session session = colourGrid();
        Recipe recipe = recipe(session);
        Detector detector = Detector.open(session, recipe);
        assertSame(session, detector.session());
        detector.close();
        assertThrows(IllegalStateException.class, () -> detector.detect(new Frame(64, 64)));
        Session other = colourGrid();
        assertThrows(LabelsFormatException.class, () -> Detector.open(other, recipe.withLabels(new Labels(List.of("a", "b", "c", "d", "e")))));
        assertThrows(IllegalStateException.class, other::run);
    }
}
