package ocelli.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelsTest {
    @TempDir
    Path folder;

    private static List<String> parse(String text) {
        return Labels.parse("labels.txt", text).names();
    }

    @Test
    void forms() {
        assertEquals(List.of("person", "traffic light", "cat"), parse("person\r\ntraffic light\ncat\n\n"));
        assertEquals(List.of("person", "traffic light", "cat"), parse("0 person\n1  traffic light\n2 cat"));
        assertEquals(List.of("person", "???", "cat"), parse("2: cat\n0: person\n"));
        assertEquals(List.of("person", "???", "cat"), parse("\ufeffperson\n\ncat"));
        assertEquals(List.of("7 up", "cola"), parse("7 up\ncola"), "a number in front of some names is part of them");
        assertEquals(List.of("2", "1"), parse("2\n1"));
        assertEquals(List.of("Katze", "Hündin"), parse("0: Katze\n1: Hündin"));
    }

    @Test
    void malformed() throws IOException {
        for (String text : List.of("", " \n \n", "a\u0000b", "1: a\n1: b", "99999999 a")) {
            String message = assertThrows(LabelsFormatException.class, () -> parse(text)).getMessage();
            assertTrue(message.startsWith("labels.txt: found "), message);
        }
        Path binary = Files.write(folder.resolve("l.txt"), new byte[] {(byte) 0xff, (byte) 0xfe, 0x41});
        assertTrue(assertThrows(LabelsFormatException.class, () -> Labels.read(binary)).getMessage().contains("UTF-8"));
        assertThrows(IOException.class, () -> Labels.read(folder.resolve("absent")));
        assertEquals("cat", Labels.read(Files.writeString(folder.resolve("good"), "cat")).name(0));
    }

    @Test
    void backgroundIsPutRight() {
        Labels with = new Labels(List.of("???", "person", "cat"));
        Labels without = new Labels(List.of("person", "cat"));
        assertEquals("cat", with.forHead(3, true).name(2));
        assertEquals("cat", without.forHead(3, true).name(2));
        assertEquals("cat", with.forHead(2, false).name(1));
        assertEquals("cat", without.forHead(2, false).name(1));
        assertEquals("cat", with.forHead(0, false).name(1));
        assertEquals("cat", without.forHead(0, false).name(1));
        assertEquals("???", with.forHead(3, false).name(0), "three classes of which the first has no name");
        assertEquals("background", new Labels(List.of("background", "person")).forHead(2, true).name(0));
        assertEquals("class 4", Labels.NONE.forHead(9, true).name(4));
        assertEquals("class 9", without.forHead(0, false).name(9));
    }

    @Test
    void labelsThatDoNotFit() {
        assertEquals("found 2 labels, wanted 5 for the classes of the model",
                assertThrows(LabelsFormatException.class, () -> new Labels(List.of("a", "b")).forHead(5, false)).getMessage());
        assertEquals("found 2 labels, wanted 4, or 5 with the background first for the classes of the model",
                assertThrows(LabelsFormatException.class, () -> new Labels(List.of("a", "b")).forHead(5, true)).getMessage());
    }
}
