package ocelli.core.plan;

import java.util.List;
import ocelli.core.graph.Node;
import ocelli.core.kernel.Kernel;

/**
 * One bound kernel of a plan, or two that run together by bands of rows.
 *
 * @param nodes        the nodes that it computes, the last one made its output
 * @param provider     {@code native}, {@code vector} or {@code reference}
 * @param kernelName   name of the kernel, e.g. {@code Conv2dQ8Native}
 * @param tier         instruction set
 * @param kernel       the bound work
 * @param refusals     why providers that stand earlier in the order were not taken: {@code provider: reason}
 * @param scratchBytes scratch memory of all threads together
 */
public record Step(List<Node> nodes, String provider, String kernelName, String tier, Kernel kernel, List<String> refusals,
                   long scratchBytes) {
    public Step {
        nodes = List.copyOf(nodes);
        refusals = List.copyOf(refusals);
    }

    /** The node whose output is the step's. */
    public Node node() {
        return nodes.getLast();
    }

    /** Tiles that the work is cut into. */
    public int tiles() {
        return kernel.tiles();
    }
}
