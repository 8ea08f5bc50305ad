package ocelli.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.run.SessionOptions;
import ocelli.vision.image.Frame;
import ocelli.vision.image.Images;

/**
 * What a start needs and takes long to get, got once: on a thread of its own that may begin before anybody asks, or when somebody does.
 *
 * @param <T> what it is
 * @param <X> how the work may fail, beside unchecked failures
 */
final class Early<T, X extends Exception> {
    /** The work. */
    interface Work<T, X extends Exception> {
        T get() throws X;
    }

    private final String name;
    private final FutureTask<T> task;

    /** @param name what the thread gets, for its name and messages */
    Early(String name, Work<T, X> work) {
        this.name = name;
        task = new FutureTask<>(work::get);
    }

    /** The kernels of this installation: loading and testing the native ones takes as long as parsing the command line. */
    static Early<List<KernelProvider>, RuntimeException> kernels() {
        return new Early<>("kernels", SessionOptions::discover);
    }

    /** A photo's pixels: decoding a large one takes as long as loading a network. Fails as {@link Images#read} does. */
    static Early<Frame, IOException> photo(Path path) {
        return new Early<>("photo", () -> Images.read(path));
    }

    /** Begins; the thread does not keep the process alive. */
    Early<T, X> begin() {
        Thread thread = new Thread(task, "ocelli-" + name);
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /**
     * The result, got now when nobody has begun.
     *
     * @throws X what went wrong with the work
     */
    @SuppressWarnings("unchecked") // what the work throws is unchecked or an X
    T get() throws X {
        // Does nothing when it has begun.
        task.run();
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the " + name, e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw (X) e.getCause();
            }
        }
    }
}
