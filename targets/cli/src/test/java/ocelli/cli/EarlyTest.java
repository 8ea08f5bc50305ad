package ocelli.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceConfigurationError;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.reference.ReferenceProvider;
import ocelli.vision.image.Frame;
import ocelli.vision.image.ImageFormatException;
import ocelli.vision.image.Images;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyTest {
    @TempDir
    private Path dir;

    private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());

    private List<KernelProvider> discover() {
        threads.add(Thread.currentThread());
        return List.of(new ReferenceProvider());
    }

    @Test
    void findsOnceWhenAsked() {
        Early<List<KernelProvider>, RuntimeException> kernels = new Early<>("kernels", this::discover);
        assertEquals(List.of(), threads);
        assertSame(kernels.get(), kernels.get());
        assertEquals(List.of(Thread.currentThread()), threads);
    }

    @Test
    void findsOnceOnAThreadThatDoesNotKeepTheProcess() {
        Early<List<KernelProvider>, RuntimeException> kernels = new Early<>("kernels", this::discover).begin();
        assertSame(kernels.get(), kernels.get());
        assertEquals(1, threads.size());
        // Whether the new thread or this one came first, the work was done once.
        threads.stream().filter(t -> t != Thread.currentThread()).forEach(t -> assertTrue(t.isDaemon()));
    }

    @Test
    void failuresAreThoseOfTheDiscovery() {
        ServiceConfigurationError error = new ServiceConfigurationError("broken");
        assertSame(error, assertThrows(ServiceConfigurationError.class, new Early<>("kernels", () -> {
            throw error;
        }).begin()::get));
        IllegalStateException exception = new IllegalStateException("broken too");
        assertSame(exception, assertThrows(IllegalStateException.class, new Early<>("kernels", () -> {
            throw exception;
        })::get));
    }

    @Test
    void aPhotoIsReadOnceWhetherItHasBegunOrNot() throws IOException {
        Path photo = dir.resolve("photo.png");
        Images.writePng(new Frame(3, 2), photo);
        Early<Frame, IOException> begun = Early.photo(photo).begin();
        Frame frame = begun.get();
        Early<Frame, IOException> late = Early.photo(photo);
        assertEquals(3, late.get().width());
        Files.delete(photo);
        assertSame(frame, begun.get());
        assertEquals(2, late.get().height());
    }

    @Test
    void failuresOfAPhotoAreThoseOfReading() throws IOException {
        Path text = Files.writeString(dir.resolve("photo.jpg"), "no photo");
        assertThrows(ImageFormatException.class, Early.photo(text).begin()::get);
        assertThrows(NoSuchFileException.class, Early.photo(dir.resolve("none.jpg")).begin()::get);
    }
}
