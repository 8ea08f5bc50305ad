package ocelli.core.kernel;

/**
 * Bound work: addresses, shapes and packed weights are fixed, the work is cut into tiles that are independent of each
 * other. Running checks nothing, allocates nothing and throws nothing.
 */
public interface Kernel {
    /** Number of tiles, at least 1. A kernel with one tile runs on the calling thread. */
    int tiles();

    /**
     * Computes tiles {@code begin} … {@code end − 1}. Called at the same time by several threads for disjoint ranges.
     *
     * @param worker index of the calling thread, 0 … threads − 1, for per-thread scratch memory
     */
    void run(int begin, int end, int worker);
}
