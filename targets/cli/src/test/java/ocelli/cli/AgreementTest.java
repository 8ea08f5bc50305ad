package ocelli.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import ocelli.vision.Detection;
import org.junit.jupiter.api.Test;

class AgreementTest {
    private static Detection box(int cls, double score, double x, double y, double side) {
        return new Detection("class " + cls, cls, (float) score, (float) x, (float) y, (float) (x + side), (float) (y + side), List.of());
    }

    private static Agreement of(List<Detection> original, List<Detection> changed) {
        Agreement agreement = new Agreement();
        agreement.add(original, changed);
        return agreement;
    }

    @Test
    void theSameDetectionsAgree() {
        List<Detection> boxes = List.of(box(0, 0.9, 0, 0, 100), box(1, 0.6, 50, 50, 40), box(0, 0.3, 200, 0, 10));
        Agreement agreement = of(boxes, boxes);
        assertEquals(2, agreement.wanted());
        assertEquals(1, agreement.survival());
        assertEquals(1, agreement.averagePrecision());
    }

    @Test
    void aBoxThatMovedIsTheSameObjectInAnotherPlace() {
        // Moved by 10 of 100: IoU is 90/110.
        Agreement agreement = of(List.of(box(0, 0.9, 0, 0, 100)), List.of(box(0, 0.8, 10, 0, 100)));
        assertEquals(0.818, Agreement.iou(box(0, 1, 0, 0, 100), box(0, 1, 10, 0, 100)), 0.001);
        assertEquals(0, agreement.survival());
        assertEquals(1, agreement.averagePrecision());
    }

    @Test
    void anotherClassIsAnotherObject() {
        Agreement agreement = of(List.of(box(0, 0.9, 0, 0, 100)), List.of(box(1, 0.9, 0, 0, 100)));
        assertEquals(0, agreement.survival());
        assertEquals(0, agreement.averagePrecision());
    }

    @Test
    void whatTheOriginalIsUnsureOfIsNeitherWantedNorWrong() {
        List<Detection> original = List.of(box(0, 0.9, 0, 0, 100), box(0, 0.4, 300, 0, 50));
        assertEquals(1, of(original, List.of(box(0, 0.9, 0, 0, 100), box(0, 0.95, 300, 0, 50))).averagePrecision());
        assertEquals(1, of(original, List.of(box(0, 0.9, 0, 0, 100))).averagePrecision());
    }

    @Test
    void aFalseDetectionCostsPrecisionOnlyAboveTheRightOnes() {
        List<Detection> original = List.of(box(0, 0.9, 0, 0, 100), box(0, 0.8, 300, 0, 50));
        List<Detection> below = List.of(box(0, 0.9, 0, 0, 100), box(0, 0.8, 300, 0, 50), box(0, 0.7, 600, 0, 50));
        List<Detection> above = List.of(box(0, 0.9, 0, 0, 100), box(0, 0.8, 300, 0, 50), box(0, 0.95, 600, 0, 50));
        assertEquals(1, of(original, below).averagePrecision());
        // Precision 1/2 and 2/3, neither below what comes later.
        assertEquals(2.0 / 3, of(original, above).averagePrecision(), 1e-9);
    }

    @Test
    void oneDetectionStandsForOneObject() {
        List<Detection> original = List.of(box(0, 0.9, 0, 0, 100), box(0, 0.8, 5, 0, 100));
        assertEquals(0.5, of(original, List.of(box(0, 0.9, 0, 0, 100))).averagePrecision());
    }

    @Test
    void aBoxThatMovedCostsAtTheOverlapsThatItMisses() {
        // 0.818 is enough for 0.5, 0.55 … 0.8: seven of ten.
        assertEquals(0.7, of(List.of(box(0, 0.9, 0, 0, 100)), List.of(box(0, 0.8, 10, 0, 100))).tightPrecision(), 1e-9);
        assertEquals(1, of(List.of(box(0, 0.9, 0, 0, 100)), List.of(box(0, 0.8, 0, 0, 100))).tightPrecision(), 1e-9);
    }
}
