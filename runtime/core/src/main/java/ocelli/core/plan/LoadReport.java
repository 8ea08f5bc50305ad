package ocelli.core.plan;

import java.util.Optional;

/**
 * What compiling a network took, and what came of its cache of packed weights.
 *
 * @param planNanos    passes, choice of kernels, places in memory and binding, without what stands below
 * @param packNanos    packing weights, so far as the rest had to wait for it
 * @param mapNanos     looking for packed weights in a file: hash of network and code, mapping, checksum
 * @param writeNanos   writing that file
 * @param packed       pieces that were packed
 * @param mapped       pieces that lie in the file
 * @param cacheProblem why the file was not used or not written, in one line; empty without a cache, and when there was none yet
 */
public record LoadReport(long planNanos, long packNanos, long mapNanos, long writeNanos, int packed, int mapped,
                         Optional<String> cacheProblem) {
}
