package ocelli.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import ocelli.core.kernel.Kernel;

/** The ways in which the tiles of a kernel may be run; all must give the same bytes. */
public enum Schedule {
    WHOLE, TILE_BY_TILE, BACKWARDS, RANDOM_RANGES, THREADS;

    /** Runs every tile once. Ranges go to workers 0 … threads − 1. */
    void run(Kernel kernel, int threads, Random random) {
        int tiles = kernel.tiles();
        switch (this) {
            case WHOLE -> kernel.run(0, tiles, 0);
            case TILE_BY_TILE -> {
                for (int t = 0; t < tiles; t++) {
                    kernel.run(t, t + 1, t % threads);
                }
            }
            case BACKWARDS -> {
                for (int t = tiles - 1; t >= 0; t--) {
                    kernel.run(t, t + 1, t % threads);
                }
            }
            case RANDOM_RANGES -> {
                for (int t = 0; t < tiles; ) {
                    int end = t + 1 + random.nextInt(tiles - t);
                    kernel.run(t, end, random.nextInt(threads));
                    t = end;
                }
            }
            case THREADS -> onThreads(kernel, threads);
        }
    }

    private static void onThreads(Kernel kernel, int threads) {
        AtomicInteger next = new AtomicInteger();
        List<Thread> workers = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int w = 0; w < threads; w++) {
            int worker = w;
            Thread thread = new Thread(() -> {
                for (int t = next.getAndIncrement(); t < kernel.tiles(); t = next.getAndIncrement()) {
                    kernel.run(t, t + 1, worker);
                }
            }, "kernel-worker-" + w);
            thread.setUncaughtExceptionHandler((_, failure) -> {
                synchronized (failures) {
                    failures.add(failure);
                }
            });
            workers.add(thread);
        }
        workers.forEach(Thread::start);
        for (Thread thread : workers) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a kernel ran", e);
            }
        }
        synchronized (failures) {
            if (!failures.isEmpty()) {
                throw new AssertionError("a kernel threw on a worker thread", failures.getFirst());
            }
        }
    }
}
