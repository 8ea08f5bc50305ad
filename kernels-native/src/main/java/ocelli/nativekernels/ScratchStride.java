package ocelli.nativekernels;

import ocelli.core.kernel.KernelMemory;

/** Distance between the scratch memories of two threads, which the planner lays out one after the other. */
final class ScratchStride {
    private ScratchStride() {
    }

    /** @throws IllegalStateException when the scratch memories are not evenly spaced */
    static long of(KernelMemory memory, int threads) {
        if (threads == 1) {
            return 0;
        }
        long stride = memory.scratch(1).address() - memory.scratch(0).address();
        for (int t = 2; t < threads; t++) {
            if (memory.scratch(t).address() - memory.scratch(t - 1).address() != stride) {
                throw new IllegalStateException("scratch memory of thread " + t + " is not " + stride + " bytes behind the one before");
            }
        }
        return stride;
    }
}
