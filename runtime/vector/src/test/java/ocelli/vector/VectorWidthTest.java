package ocelli.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class VectorWidthTest {
    @Test
    void theProcessorsWidthIsTheDefault() {
        assertEquals(new VectorWidth.Choice(256, ""), VectorWidth.choose(null, 256));
        assertEquals(new VectorWidth.Choice(256, ""), VectorWidth.choose("", 256));
    }

    @Test
    void thePropertyWins() {
        assertEquals(new VectorWidth.Choice(128, ""), VectorWidth.choose("128", 512));
    }

    @Test
    void widerProcessorsRunTheWidestKernels() {
        assertEquals(512, VectorWidth.choose(null, 2048).bits());
    }

    @Test
    void anythingElseIsRefusedWithTheReason() {
        assertEquals("property ocelli.vector.width is 192, wanted one of [128, 256, 512]", VectorWidth.choose("192", 256).problem());
        assertEquals("property ocelli.vector.width is 'wide', wanted one of [128, 256, 512]", VectorWidth.choose("wide", 256).problem());
        assertEquals("vectors of this processor have 64 bits, wanted one of [128, 256, 512]", VectorWidth.choose(null, 64).problem());
        assertFalse(VectorWidth.choose("0", 256).valid());
    }

    @Test
    void theBuildsWidthIsTheOneInUse() {
        String asked = System.getProperty(VectorWidth.PROPERTY);
        assertEquals("vector" + (asked == null ? VectorWidth.choose().bits() : asked), new VectorProvider().availability().detail());
        assertTrue(new VectorProvider().availability().usable());
    }
}
