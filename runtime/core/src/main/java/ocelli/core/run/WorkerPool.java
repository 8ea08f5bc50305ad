package ocelli.core.run;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import ocelli.core.kernel.Kernel;

/**
 * A fixed set of threads that run the tiles of one kernel at a time together with the calling thread. Tiles are claimed
 * in small ranges, so a helper that the system does not schedule takes no work and nobody waits for it. Idle helpers spin
 * briefly, then park. Several sessions may share a pool: while one uses it, the others run on their own thread alone.
 */
public final class WorkerPool implements AutoCloseable {
    /** Rounds of {@link Thread#onSpinWait} before a helper parks: some tens of microseconds, about the gap between two kernels. */
    private static final int SPINS = 4_000;
    /** Ranges per thread: enough to even out, few enough to keep claiming cheap. */
    private static final int RANGES = 4;
    /** As the next tile to claim: beyond every job. */
    private static final long NO_TILES = Integer.MAX_VALUE;

    private final Helper[] helpers;
    /** Job number in the upper half, next tile to claim in the lower; NO_TILES while the next job is being written. */
    private final AtomicLong claim = new AtomicLong();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile Kernel kernel;
    private volatile int tiles;
    private volatile int range;
    private volatile boolean failed;
    private volatile boolean closed;

    /** @param threads threads including the caller's, at least 1 */
    public WorkerPool(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("worker pool of " + threads + " threads, wanted at least 1");
        }
        helpers = new Helper[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper(i + 1);
            helpers[i].start();
        }
    }

    /** Threads including the caller's. */
    public int threads() {
        return helpers.length + 1;
    }

    /**
     * Runs all tiles and returns when they are done. Allocates nothing.
     *
     * @throws IllegalStateException when a helper died in the kernel, which is a defect of the kernel
     */
    public void run(Kernel job) {
        int n = job.tiles();
        if (n == 1 || helpers.length == 0 || closed || !busy.compareAndSet(false, true)) {
            job.run(0, n, 0);
            return;
        }
        try {
            long epoch = (claim.get() >>> 32) + 2;
            // A helper that is late may still look at the job before: its number must be gone before the fields change, or
            // it would take the new job's tiles for tiles of the old one and count them as done.
            claim.set(epoch - 1 << 32 | NO_TILES);
            kernel = job;
            tiles = n;
            range = Math.max(1, n / (threads() * RANGES));
            done.set(0);
            claim.set(epoch << 32);
            for (Helper helper : helpers) {
                helper.wake();
            }
            work(epoch, 0);
            for (int spins = 0; done.get() < n; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
            if (failed) {
                throw new IllegalStateException("a worker thread died in a kernel; see its stack trace");
            }
        } finally {
            busy.set(false);
        }
    }

    /** Claims ranges of the job with this number until none is left. */
    private void work(long epoch, int worker) {
        while (true) {
            long seen = claim.get();
            Kernel job = kernel;
            int n = tiles;
            int begin = (int) seen;
            if (seen >>> 32 != (epoch & 0xffffffffL) || begin >= n) {
                return;
            }
            int end = Math.min(n, begin + range);
            // Success proves that the fields read above are those of this job.
            if (claim.compareAndSet(seen, seen + (end - begin))) {
                boolean ok = false;
                try {
                    job.run(begin, end, worker);
                    ok = true;
                } finally {
                    if (!ok) {
                        failed = true;
                    }
                    done.addAndGet(end - begin);
                }
            }
        }
    }

    /** Stops the helpers. A pool that is closed still runs kernels, on the calling thread. */
    @Override
    public void close() {
        closed = true;
        for (Helper helper : helpers) {
            LockSupport.unpark(helper);
        }
    }

    private final class Helper extends Thread {
        private final int worker;
        private volatile boolean parked;

        Helper(int worker) {
            super("ocelli-worker-" + worker);
            this.worker = worker;
            setDaemon(true);
        }

        void wake() {
            if (parked) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            long seen = 0;
            int idle = 0;
            while (!closed) {
                long epoch = claim.get() >>> 32;
                if (epoch != seen) {
                    seen = epoch;
                    idle = 0;
                    work(epoch, worker);
                } else if (idle++ < SPINS) {
                    Thread.onSpinWait();
                } else {
                    parked = true;
                    // Looked at again after the flag is up, so that a job posted in between is not slept through.
                    if (claim.get() >>> 32 == seen && !closed) {
                        LockSupport.park(WorkerPool.this);
                    }
                    parked = false;
                    idle = 0;
                }
            }
        }
    }
}
