package ocelli.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {
    @TempDir
    private Path dir;

    @Test
    void noTwoPhotosShareAPicture() throws IOException {
        List<Path> photos = List.of(Path.of("x/a.jpg"), Path.of("y/a.png"), Path.of("a-2.jpg"), Path.of("A.jpg"), Path.of(".jpg"), Path.of("/"));
        Map<Path, Path> pictures = Pictures.of(photos, dir);
        assertEquals(List.of("a.png", "a-2.png", "a-2-2.png", "A-3.png", "photo.png", "photo-2.png"),
                photos.stream().map(p -> pictures.get(p).getFileName().toString()).toList());
        assertEquals(photos.size(), new HashSet<>(pictures.values()).size());
    }

    @Test
    void aFolderMayEndInPng() throws IOException {
        Path folder = Files.createDirectory(dir.resolve("all.png"));
        Path photo = Path.of("b.jpg");
        assertEquals(folder.resolve("b.png"), Pictures.of(List.of(photo), folder).get(photo));
        assertTrue(Pictures.isFile(dir.resolve("new.PNG")));
    }
}
