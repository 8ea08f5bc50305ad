package ocelli.core.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.plan.Planner;

/**
 * How a session runs.
 *
 * @param providers    kernel providers in the order in which they are asked
 * @param threads      threads including the caller's, 1 … 64
 * @param pool         a pool to share with other sessions, or empty for one of its own
 * @param weightsCache folder that keeps packed weights for the next start, or empty to pack at each start
 * @param cacheBytes   second-level cache of one thread: what does not fit is computed by bands of rows where that is faster
 */
public record SessionOptions(List<KernelProvider> providers, int threads, Optional<WorkerPool> pool, Optional<Path> weightsCache,
                             long cacheBytes) {
    /** The order when nothing else is asked for: fastest first. */
    public static final List<String> DEFAULT_ORDER = List.of("native", "vector", "reference");
    private static final int MOST_THREADS = 64;

    public SessionOptions {
        providers = List.copyOf(providers);
        if (threads < 1 || threads > MOST_THREADS) {
            throw new IllegalArgumentException("threads is " + threads + ", wanted 1…" + MOST_THREADS);
        }
        if (cacheBytes < 1) {
            throw new IllegalArgumentException("cache of " + cacheBytes + " bytes, wanted at least 1");
        }
    }

    /** Without a cache of packed weights, for a usual processor. */
    public SessionOptions(List<KernelProvider> providers, int threads, Optional<WorkerPool> pool) {
        this(providers, threads, pool, Optional.empty(), Planner.DEFAULT_CACHE_BYTES);
    }

    /** All providers of the module path in the default order, one thread. */
    public static SessionOptions defaults() {
        return new SessionOptions(discover(), 1, Optional.empty()).withProviders(DEFAULT_ORDER);
    }

    /** Every provider that the module path holds, in no particular order. */
    public static List<KernelProvider> discover() {
        List<KernelProvider> found = new ArrayList<>();
        ServiceLoader.load(KernelProvider.class).forEach(found::add);
        return found;
    }

    public SessionOptions withThreads(int n) {
        return new SessionOptions(providers, n, pool, weightsCache, cacheBytes);
    }

    /** Tiles run on the given pool; the number of threads is the pool's. */
    public SessionOptions withPool(WorkerPool shared) {
        return new SessionOptions(providers, shared.threads(), Optional.of(shared), weightsCache, cacheBytes);
    }

    /**
     * Packed weights are kept in this folder, one file for each model, version and kind of processor, so that the next start maps
     * them. A file that does not fit is written anew; one that was cut short while it is in use ends the process, as with any
     * mapped file. Files of older versions stay until somebody deletes them.
     */
    public SessionOptions withWeightsCache(Path folder) {
        return new SessionOptions(providers, threads, pool, Optional.of(folder), cacheBytes);
    }

    /** For a processor with that much second-level cache for each thread. */
    public SessionOptions withCacheBytes(long bytes) {
        return new SessionOptions(providers, threads, pool, weightsCache, bytes);
    }

    /** Only the named providers, in this order; a name that the module path does not hold is left out. */
    public SessionOptions withProviders(List<String> names) {
        List<KernelProvider> chosen = new ArrayList<>();
        for (String name : names) {
            providers.stream().filter(p -> p.name().equals(name)).forEach(chosen::add);
        }
        return new SessionOptions(chosen, threads, pool, weightsCache, cacheBytes);
    }
}
