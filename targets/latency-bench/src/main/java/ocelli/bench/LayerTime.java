package ocelli.bench;

/**
 * One layer of a profile.
 *
 * @param kernel  that ran it
 * @param node    operator and types of operands
 * @param nanos   median
 * @param macs    multiply-accumulates
 * @param share   of the peak of one core for its type of products, 0 when there is no such peak or nothing to multiply
 * @param bytes   of inputs, weights and outputs together
 */
record LayerTime(String kernel, String node, long nanos, long macs, double share, long bytes) {
    double gigaMacsPerSecond() {
        return nanos == 0 ? 0 : (double) macs / nanos;
    }

    double gigaBytesPerSecond() {
        return nanos == 0 ? 0 : (double) bytes / nanos;
    }
}
