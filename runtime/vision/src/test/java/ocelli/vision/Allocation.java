package ocelli.vision;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts the bytes that a piece of work allocates on the heap once it is warm. */
public final class Allocation {
    private Allocation() {
    }

    /** Fewest bytes of several runs: what the virtual machine does now and then on its own is not counted. */
    public static long bytes(Runnable work) {
        ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().threadId();
        for (int i = 0; i < 20; i++) {
            work.run();
        }
        long fewest = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            long before = bean.getThreadAllocatedBytes(id);
            long empty = bean.getThreadAllocatedBytes(id) - before;
            long start = bean.getThreadAllocatedBytes(id);
            work.run();
            fewest = Math.min(fewest, bean.getThreadAllocatedBytes(id) - start - empty);
        }
        return fewest;
    }
}
