package ocelli.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {
    private static final double[] ONE = {1};

    @Test
    void growingLosesNoCount() {
        Random random = new Random(3);
        Histogram h = new Histogram(ONE);
        float[] all = new float[6000];
        // Each block reaches further than the one before, on alternating sides.
        for (int block = 0; block < 6; block++) {
            float[] part = new float[1000];
            for (int i = 0; i < part.length; i++) {
                part[i] = (float) (random.nextFloat() * Math.pow(7, block) * (block % 2 == 0 ? 1 : -1));
                all[1000 * block + i] = part[i];
            }
            assertTrue(h.add(part, part.length));
        }
        long[] wanted = new long[Histogram.BINS];
        for (float v : all) {
            wanted[(int) Math.floor((v - (h.center(0) - h.width() / 2)) / h.width())]++;
        }
        long[] found = new long[Histogram.BINS];
        for (int i = 0; i < found.length; i++) {
            found[i] = h.count(i);
            assertEquals(found[i], h.worth(i), 0);
        }
        assertArrayEquals(wanted, found);
        assertEquals(all.length, h.total());
    }

    @Test
    void rangeIsExactAndHoldsZero() {
        Histogram h = new Histogram(ONE);
        h.add(new float[] {3.25f, 4.5f}, 2);
        assertEquals(new Range(0, 4.5), h.range());
        h.add(new float[] {-1.125f}, 1);
        assertEquals(new Range(-1.125, 4.5), h.range());
        assertEquals(3, h.total());
    }

    @Test
    void zerosBeforeAnythingElseStayZeros() {
        Histogram h = new Histogram(ONE);
        h.add(new float[100], 100);
        assertTrue(h.range().isEmpty());
        h.add(new float[] {-8, 8}, 2);
        int zero = 0;
        while (h.center(zero) < 0) {
            zero++;
        }
        assertEquals(100, h.count(zero));
    }

    @Test
    void channelsHaveTheirWorth() {
        Histogram h = new Histogram(new double[] {1, 5});
        h.add(new float[] {0.5f, 2.5f, 0.5f, 2.5f}, 4);
        double low = 0;
        double high = 0;
        for (int i = 0; i < Histogram.BINS; i++) {
            low += h.center(i) < 1 ? h.worth(i) : 0;
            high += h.center(i) > 1 ? h.worth(i) : 0;
        }
        assertEquals(2, low, 0);
        assertEquals(10, high, 0);
    }

    @Test
    void whatIsNoNumberIsNotCounted() {
        Histogram h = new Histogram(ONE);
        assertFalse(h.add(new float[] {1, Float.NaN}, 2));
        assertFalse(h.add(new float[] {1, Float.POSITIVE_INFINITY}, 2));
        assertTrue(h.isEmpty());
    }

    @Test
    void shareOutside() {
        Histogram h = new Histogram(ONE);
        float[] ramp = new float[1000];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = i / 1000f;
        }
        h.add(ramp, ramp.length);
        assertEquals(0.25, h.outside(new Range(0, 0.75)), 0.002);
    }
}
