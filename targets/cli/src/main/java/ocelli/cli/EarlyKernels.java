package ocelli.cli;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.run.SessionOptions;

/**
 * The kernels of this installation, found once: on a thread of its own that may begin before anybody asks, for loading and testing
 * the native ones takes as long as parsing the command line, or when somebody does.
 */
final class EarlyKernels implements Supplier<List<KernelProvider>> {
    private final FutureTask<List<KernelProvider>> task;

    /** Kernels that the installation has. */
    EarlyKernels() {
        this(SessionOptions::discover);
    }

    EarlyKernels(Supplier<List<KernelProvider>> discovery) {
        task = new FutureTask<>(discovery::get);
    }

    /** Begins; the thread does not keep the process alive. */
    EarlyKernels begin() {
        Thread thread = new Thread(task, "ocelli-kernels");
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    @Override
    public List<KernelProvider> get() {
        // Does nothing when it has begun.
        task.run();
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the kernels were being loaded", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }
}
