package ocelli.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import ocelli.vision.image.Frame;
import ocelli.vision.image.Images;

/** A photo that is read beside the model, on a thread of its own: decoding a large one takes as long as loading a network. */
final class EarlyPhoto {
    private final FutureTask<Frame> task;

    EarlyPhoto(Path path) {
        task = new FutureTask<>(() -> Images.read(path));
    }

    /** Begins; the thread does not keep the process alive. */
    EarlyPhoto begin() {
        Thread thread = new Thread(task, "ocelli-photo");
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /**
     * The photo, read now when nobody has begun.
     *
     * @throws IOException when it cannot be read; other failures, too, are those of {@link Images#read}
     */
    Frame get() throws IOException {
        task.run();
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a photo was being read", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }
}
