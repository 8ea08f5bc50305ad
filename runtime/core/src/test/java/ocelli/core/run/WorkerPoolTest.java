package ocelli.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import ocelli.core.kernel.Kernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkerPoolTest {
    private record Counting(AtomicIntegerArray counts, AtomicIntegerArray workers) implements Kernel {
        Counting(int tiles, int threads) {
            this(new AtomicIntegerArray(tiles), new AtomicIntegerArray(threads));
        }

        @Override
        public int tiles() {
            return counts.length();
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int i = begin; i < end; i++) {
                counts.incrementAndGet(i);
            }
            workers.addAndGet(worker, end - begin);
        }
    }

    @Test
    void everyTileRunsOnceInEveryJob() {
        for (int threads = 1; threads <= 4; threads++) {
            try (WorkerPool pool = new WorkerPool(threads)) {
                for (int tiles = 1; tiles < 40; tiles++) {
                    Counting kernel = new Counting(tiles, threads);
                    for (int job = 0; job < 50; job++) {
                        pool.run(kernel);
                    }
                    for (int i = 0; i < tiles; i++) {
                        assertEquals(50, kernel.counts.get(i), threads + " threads, tile " + i + " of " + tiles);
                    }
                }
            }
        }
    }

    /** A helper that is still looking at the end of a small job must not take tiles of the larger one that follows. */
    @Test
    void aJobIsDoneWhenRunReturnsAfterASmallerOne() {
        try (WorkerPool pool = new WorkerPool(3)) {
            Counting small = new Counting(3, 3);
            Counting large = new Counting(64, 3);
            for (int job = 1; job <= 100_000; job++) {
                pool.run(small);
                pool.run(large);
                for (int i = 0; i < 64; i++) {
                    if (large.counts.get(i) != job) {
                        assertEquals(job, large.counts.get(i), "runs of tile " + i + " after job " + job);
                    }
                }
            }
        }
    }

    @Test
    void helpersTakePartAfterAPause() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool(2)) {
            Counting kernel = new Counting(64, 2);
            Kernel slow = new Kernel() {
                @Override
                public int tiles() {
                    return 64;
                }

                @Override
                public void run(int begin, int end, int worker) {
                    long until = System.nanoTime() + 200_000L * (end - begin);
                    while (System.nanoTime() < until) {
                        Thread.onSpinWait();
                    }
                    kernel.run(begin, end, worker);
                }
            };
            for (int i = 0; i < 20; i++) {
                Thread.sleep(5);
                pool.run(slow);
            }
            assertTrue(kernel.workers.get(1) > 0, "a parked helper wakes for a new job");
        }
    }

    @Test
    void sessionsOnSeveralThreadsShareAPool() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool(3)) {
            List<Counting> kernels = new ArrayList<>();
            List<Thread> callers = new ArrayList<>();
            for (int c = 0; c < 4; c++) {
                Counting kernel = new Counting(17, 3);
                kernels.add(kernel);
                callers.add(Thread.ofPlatform().start(() -> {
                    for (int job = 0; job < 3000; job++) {
                        pool.run(kernel);
                    }
                }));
            }
            for (Thread caller : callers) {
                caller.join();
            }
            for (Counting kernel : kernels) {
                for (int i = 0; i < 17; i++) {
                    assertEquals(3000, kernel.counts.get(i));
                }
            }
        }
    }

    @Test
    void aKernelThatDiesOnAHelperIsReported() {
        try (WorkerPool pool = new WorkerPool(2)) {
            Kernel broken = new Kernel() {
                @Override
                public int tiles() {
                    return 1000;
                }

                @Override
                public void run(int begin, int end, int worker) {
                    long until = System.nanoTime() + 1_000_000L;
                    while (System.nanoTime() < until) {
                        Thread.onSpinWait();
                    }
                    if (worker == 1) {
                        throw new ArithmeticException("expected by WorkerPoolTest");
                    }
                }
            };
            assertThrows(IllegalStateException.class, () -> {
                // On a busy machine the helper may sleep through a job.
                for (int job = 0; job < 500; job++) {
                    pool.run(broken);
                }
            });
        }
    }

    @Test
    void runAllocatesNothing() {
        try (WorkerPool pool = new WorkerPool(2)) {
            Counting kernel = new Counting(32, 2);
            for (int i = 0; i < 20_000; i++) {
                pool.run(kernel);
            }
            var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = bean.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1000; i++) {
                pool.run(kernel);
            }
            assertEquals(0, bean.getCurrentThreadAllocatedBytes() - before);
        }
    }

    @Test
    void aClosedPoolStillRunsOnTheCaller() {
        WorkerPool pool = new WorkerPool(2);
        pool.close();
        Counting kernel = new Counting(8, 2);
        pool.run(kernel);
        assertEquals(8, kernel.workers.get(0));
    }
}
