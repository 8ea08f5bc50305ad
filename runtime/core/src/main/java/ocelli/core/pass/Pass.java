package ocelli.core.pass;

import java.util.function.Consumer;
import ocelli.core.graph.Graph;

/** A graph-to-graph rewrite that keeps what the network computes. Pure: the given graph stays as it is. */
public interface Pass {
    /** Name for plans and messages. */
    String name();

    /**
     * Rewrites the graph.
     *
     * @param log takes one line for each rewrite, such as {@code relu_3 into conv_2}
     * @return the new graph, or the same one when there was nothing to do
     */
    Graph apply(Graph graph, Consumer<String> log);
}
