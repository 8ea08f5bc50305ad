package ocelli.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import ocelli.vision.image.Frame;
import ocelli.vision.image.ImageFormatException;
import ocelli.vision.image.Images;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyPhotoTest {
    @TempDir
    private Path dir;

    @Test
    void isReadOnceWhetherItHasBegunOrNot() throws IOException {
        Path photo = dir.resolve("photo.png");
        Images.writePng(new Frame(3, 2), photo);
        EarlyPhoto begun = new EarlyPhoto(photo).begin();
        Frame frame = begun.get();
        EarlyPhoto late = new EarlyPhoto(photo);
        assertEquals(3, late.get().width());
        Files.delete(photo);
        assertSame(frame, begun.get());
        assertEquals(2, late.get().height());
    }

    @Test
    void failuresAreThoseOfReading() throws IOException {
        Path text = Files.writeString(dir.resolve("photo.jpg"), "no photo");
        assertThrows(ImageFormatException.class, new EarlyPhoto(text).begin()::get);
        assertThrows(NoSuchFileException.class, new EarlyPhoto(dir.resolve("none.jpg")).begin()::get);
    }
}
