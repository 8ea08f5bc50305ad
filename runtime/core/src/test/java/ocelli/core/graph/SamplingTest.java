package ocelli.core.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import ocelli.core.graph.Sampling.Coordinates;
import ocelli.core.graph.Sampling.Rounding;
import org.junit.jupiter.api.Test;

/** Where the pixels of a resized image come from. */
class SamplingTest {
    private static Sampling scaled(Coordinates coordinates, Rounding rounding, float scale) {
        return Sampling.of(coordinates, rounding).withScales(scale, scale);
    }

    @Test
    void alignedCornersKeepThePartOfAPixelThatAGivenScaleLeaves() {
        // 4 · 0.6 = 2.4 pixels: the last of two lies at 3 / 1.4.
        assertEquals(3 / 1.4f, scaled(Coordinates.ALIGN_CORNERS, Rounding.FLOOR, 0.6f).source(1, 4, 2, true), 1e-6f);
        assertEquals(3, Sampling.of(Coordinates.ALIGN_CORNERS, Rounding.FLOOR).source(1, 4, 2, true));
    }

    @Test
    void alignedCornersMeetForEverySizeWhenTheScaleIsTheRatio() {
        for (int in = 1; in <= 60; in++) {
            for (int out = 2; out <= 60; out++) {
                Sampling rule = scaled(Coordinates.ALIGN_CORNERS, Rounding.FLOOR, out / (float) in);
                assertEquals(in - 1, rule.nearest(out - 1, in, out, true), in + " to " + out);
            }
        }
    }

    @Test
    void oneAlignedPixelIsTheFirst() {
        assertEquals(0, scaled(Coordinates.ALIGN_CORNERS, Rounding.FLOOR, 0.3f).source(0, 4, 1, true));
        assertEquals(0, Sampling.of(Coordinates.ALIGN_CORNERS, Rounding.FLOOR).source(0, 4, 1, true));
    }

    @Test
    void halvesRoundAsTheRuleSays() {
        // Half-pixel places of a doubled image lie at −¼, ¼, ¾ …; those of asymmetric doubling at halves.
        int[][] wanted = {{0, 0, 1, 1}, {0, 1, 1, 2}, {0, 0, 1, 1}, {0, 1, 1, 2}};
        for (Rounding rounding : Rounding.values()) {
            for (int i = 0; i < 4; i++) {
                assertEquals(wanted[rounding.ordinal()][i], scaled(Coordinates.ASYMMETRIC, rounding, 2).nearest(i, 5, 10, false), rounding + " " + i);
            }
        }
    }

    @Test
    void whatIsJustBelowAHalfRoundsDown() {
        float scale = 1 / Math.nextDown(0.5f);
        assertTrue(scaled(Coordinates.ASYMMETRIC, Rounding.HALF_UP, scale).source(1, 5, 10, false) < 0.5f);
        assertEquals(0, scaled(Coordinates.ASYMMETRIC, Rounding.HALF_UP, scale).nearest(1, 5, 10, false));
    }

    @Test
    void onlyCropsHaveAnOutside() {
        Sampling crop = new Sampling(Coordinates.CROP, Rounding.FLOOR, 0, 0, -0.75f, false, List.of(-0.5f, 0f, 1f, 1.5f), 9);
        assertTrue(crop.isOutside(0, 3, 4, true));
        assertFalse(crop.isOutside(3, 3, 4, true));
        assertTrue(crop.isOutside(3, 3, 4, false));
        assertFalse(Sampling.of(Coordinates.HALF_PIXEL, Rounding.FLOOR).isOutside(0, 3, 6, true));
    }

    @Test
    void refusesARegionThatDoesNotGoWithTheCoordinates() {
        assertThrows(IllegalArgumentException.class, () -> Sampling.of(Coordinates.CROP, Rounding.FLOOR));
        assertThrows(IllegalArgumentException.class, () -> scaled(Coordinates.HALF_PIXEL, Rounding.FLOOR, -1));
    }
}
