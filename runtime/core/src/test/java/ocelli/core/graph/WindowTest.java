package ocelli.core.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class WindowTest {
    @Test
    void samePaddingPutsTheOddPixelBehind() {
        Window w = Window.same(3, 3, 2, 2, 1, 1, 300, 300);
        assertEquals(0, w.padTop());
        assertEquals(1, w.padBottom());
        assertEquals(150, w.outH(300));
        Window odd = Window.same(3, 3, 2, 2, 1, 1, 75, 75);
        assertEquals(1, odd.padTop());
        assertEquals(1, odd.padBottom());
        assertEquals(38, odd.outW(75));
    }

    @Test
    void dilationWidensTheWindow() {
        Window w = new Window(3, 3, 1, 1, 4, 4, 0, 0, 0, 0);
        assertEquals(2, w.outH(10));
        assertThrows(IllegalArgumentException.class, () -> w.outH(8));
    }

    @Test
    void refusesNonsense() {
        assertThrows(IllegalArgumentException.class, () -> new Window(0, 1, 1, 1, 1, 1, 0, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Window(1, 1, 1, 1, 1, 1, -1, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Window(1 << 20, 1, 1, 1, 1, 1, 0, 0, 0, 0));
    }
}
