package ocelli.vision.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class SsdAnchorsTest {

    private static void assertAnchor(float[] anchors, int i, double x, double y, double w, double h) {
        assertEquals(x, anchors[4 * i], 1e-6, "x of anchor " + i);
        assertEquals(y, anchors[4 * i + 1], 1e-6, "y of anchor " + i);
        assertEquals(w, anchors[4 * i + 2], 1e-6, "w of anchor " + i);
        assertEquals(h, anchors[4 * i + 3], 1e-6, "h of anchor " + i);
    }

    @Test
    void countsArePublished() {
        assertEquals(1917, SsdPresets.OBJECTRON.anchors().generate().length / 4);
        assertEquals(896, SsdPresets.FACE_SHORT_RANGE.anchors().generate().length / 4);
        assertEquals(896, SsdPresets.FACE_BACK.anchors().generate().length / 4);
        assertEquals(2304, SsdPresets.FACE_FULL_RANGE.anchors().generate().length / 4);
        assertEquals(2016, SsdPresets.PALM.anchors().generate().length / 4);
        assertEquals(2254, SsdPresets.POSE.anchors().generate().length / 4);
    }

    @Test
    void shortRangeFaces() {
        float[] a = SsdPresets.FACE_SHORT_RANGE.anchors().generate();
        assertAnchor(a, 0, 0.5 / 16, 0.5 / 16, 1, 1);
        assertAnchor(a, 1, 0.5 / 16, 0.5 / 16, 1, 1);
        assertAnchor(a, 2, 1.5 / 16, 0.5 / 16, 1, 1);
        assertAnchor(a, 33, 0.5 / 16, 1.5 / 16, 1, 1);
        assertAnchor(a, 511, 15.5 / 16, 15.5 / 16, 1, 1);
        for (int i = 512; i < 518; i++) {
            assertAnchor(a, i, 0.5 / 8, 0.5 / 8, 1, 1);
        }
        assertAnchor(a, 518, 1.5 / 8, 0.5 / 8, 1, 1);
        assertAnchor(a, 895, 7.5 / 8, 7.5 / 8, 1, 1);
    }

    @Test
    void palmPoseAndFullRange() {
        float[] palm = SsdPresets.PALM.anchors().generate();
        assertAnchor(palm, 1151, 23.5 / 24, 23.5 / 24, 1, 1);
        assertAnchor(palm, 1152, 0.5 / 12, 0.5 / 12, 1, 1);
        float[] pose = SsdPresets.POSE.anchors().generate();
        assertAnchor(pose, 1567, 27.5 / 28, 27.5 / 28, 1, 1);
        assertAnchor(pose, 1568, 0.5 / 14, 0.5 / 14, 1, 1);
        assertAnchor(pose, 1960, 0.5 / 7, 0.5 / 7, 1, 1);
        assertAnchor(pose, 2253, 6.5 / 7, 6.5 / 7, 1, 1);
        float[] full = SsdPresets.FACE_FULL_RANGE.anchors().generate();
        assertAnchor(full, 1, 1.5 / 48, 0.5 / 48, 1, 1);
        assertAnchor(full, 48, 0.5 / 48, 1.5 / 48, 1, 1);
    }

    @Test
    void objectron() {
        float[] a = SsdPresets.OBJECTRON.anchors().generate();
        // First layer, 19x19 cells: a square of 0.1, then scale 0.2 at aspects 2 and 0.5.
        assertAnchor(a, 0, 0.5 / 19, 0.5 / 19, 0.1, 0.1);
        assertAnchor(a, 1, 0.5 / 19, 0.5 / 19, 0.2 * Math.sqrt(2), 0.2 / Math.sqrt(2));
        assertAnchor(a, 2, 0.5 / 19, 0.5 / 19, 0.2 / Math.sqrt(2), 0.2 * Math.sqrt(2));
        assertAnchor(a, 3, 1.5 / 19, 0.5 / 19, 0.1, 0.1);
        // Second layer, 10x10 cells of scale 0.35: aspects 1, 2, 0.5, 3, 0.3333 and a square between 0.35 and 0.5.
        int second = 19 * 19 * 3;
        assertAnchor(a, second, 0.05, 0.05, 0.35, 0.35);
        assertAnchor(a, second + 1, 0.05, 0.05, 0.35 * Math.sqrt(2), 0.35 / Math.sqrt(2));
        assertAnchor(a, second + 2, 0.05, 0.05, 0.35 / Math.sqrt(2), 0.35 * Math.sqrt(2));
        assertAnchor(a, second + 3, 0.05, 0.05, 0.35 * Math.sqrt(3), 0.35 / Math.sqrt(3));
        assertAnchor(a, second + 4, 0.05, 0.05, 0.35 * Math.sqrt(0.3333), 0.35 / Math.sqrt(0.3333));
        assertAnchor(a, second + 5, 0.05, 0.05, Math.sqrt(0.35 * 0.5), Math.sqrt(0.35 * 0.5));
        // Last layer, one cell of scale 0.95, whose next scale is 1.
        assertAnchor(a, 1911, 0.5, 0.5, 0.95, 0.95);
        assertAnchor(a, 1916, 0.5, 0.5, Math.sqrt(0.95), Math.sqrt(0.95));
    }

    @Test
    void mapsReplaceStridesAndOffsetsMoveCentres() {
        var anchors = new SsdAnchors(100, 50, 0.2f, 0.6f, List.of(10, 20), List.of(4f), 0, false, false, 0.25f, 0f, List.of(3, 2), List.of(2, 1));
        float[] a = anchors.generate();
        assertEquals((6 + 2) * 4, a.length);
        assertAnchor(a, 0, 0.25 / 3, 0, 0.4, 0.1);
        assertAnchor(a, 5, 2.25 / 3, 0.5, 0.4, 0.1);
        assertAnchor(a, 7, 1.25 / 2, 0, 1.2, 0.3);
        assertAnchor(new SsdAnchors(8, 8, 0.2f, 0.6f, List.of(8), List.of(1f), 0, false, false, 0.5f, 0.5f, List.of(), List.of()).generate(),
                0, 0.5, 0.5, 0.4, 0.4);
    }

    @Test
    void badRules() {
        assertThrows(IllegalArgumentException.class, () -> SsdAnchors.fixed(0, true, 8));
        assertThrows(IllegalArgumentException.class, () -> SsdAnchors.fixed(128, true, 0));
        assertThrows(IllegalArgumentException.class, () -> SsdAnchors.fixed(128, true));
        assertThrows(IllegalArgumentException.class, () -> new SsdAnchors(8, 8, 0.2f, 0.6f, List.of(8, 8), List.of(1f), 0, false, false,
                0.5f, 0.5f, List.of(1), List.of(1)));
        assertThrows(IllegalArgumentException.class, () -> new SsdBoxCoding(4, 1, 4, 0, 2, 1, 1, 1, 1, true, true));
        assertThrows(IllegalArgumentException.class, () -> new SsdBoxCoding(8, 0, 4, 3, 2, 1, 1, 1, 1, true, true));
    }
}
