package ocelli.compress;

import ocelli.core.graph.Graph;

/** Says how much worse a quantised network is than the float network it comes from. */
@FunctionalInterface
public interface Judge {
    /**
     * A judgement.
     *
     * @param drop 0 for no difference, 1 for nothing left; what counts for the limit of {@link QuantizeOptions#maxDrop}
     * @param text the same in words, for reports
     */
    record Verdict(double drop, String text) {
    }

    Verdict judge(Graph quantized);
}
