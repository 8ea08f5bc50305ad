package ocelli.core.plan;

import ocelli.core.kernel.KernelRequest;
import ocelli.core.tensor.Shape;

/**
 * When two convolutions run by bands of rows. Measured on Zen 5 (1 MiB of second-level cache a core, 1 and 2 threads): where what
 * lies between them does not fit into that cache, bands of a quarter of it take 0.985 to 0.998 of the time (objectron, blazeface,
 * pose, palm, face_full_range), bands of an eighth or less up to 1.03, for the pointwise weights are read once a band. Where it
 * fits, bands of any size take 1.00 to 1.05 of the time, on integers too (coco_ssd, mobilenet_v2).
 *
 * @param cacheBytes second-level cache of one thread
 */
record BandRule(long cacheBytes) {
    private static final int SHARE = 4;
    /** Bands for each thread, so that threads finish together. */
    private static final int BANDS = 2;
    /** Pixels of a band, so that the rows of the pointwise kernel are used and its weights are not read too often. */
    private static final int PIXELS = 96;

    /** Rows of a band, or 0 when the two are better off apart. */
    int rows(KernelRequest first, KernelRequest second, int threads) {
        Shape y = first.outputType().shape();
        if (first.outputType().bytes() <= cacheBytes || second.inputType(1).bytes() > cacheBytes / SHARE) {
            return 0;
        }
        long rowBytes = (long) y.dim(2) * y.dim(3) * first.outputType().dtype().bytes();
        long rows = Math.max(cacheBytes / SHARE / rowBytes, (PIXELS + y.dim(2) - 1) / y.dim(2));
        return rows * BANDS * threads <= y.dim(1) ? (int) rows : 0;
    }
}
