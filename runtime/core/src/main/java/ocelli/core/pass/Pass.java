package ocelli.core.pass;

import java.util.function.Consumer;
import ocelli.core.graph.Graph;

/** A graph-to-graph rewrite that keeps what the network computes. Pure: the given graph stays as it is. */
public interface Pass {
    /** Name for plans and messages. */
    String name();

    /**
     * True when the network keeps the bits of its outputs. Other passes keep what it means but round elsewhere: a quantised value
     * may change by a step, a float by the rounding of a few operations.
     */
    default boolean isExact() {
        return true;
    }

    /**
     * Rewrites the graph.
     *
     * @param log takes one line for each rewrite, such as {@code relu_3 into conv_2}
     * @return the new graph, or the same one when there was nothing to do
     */
    Graph apply(Graph graph, Consumer<String> log);
}
