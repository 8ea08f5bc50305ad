package ocelli.core.plan;

import java.util.List;
import ocelli.core.graph.Node;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;

/**
 * A provider's yes to one node.
 *
 * @param rank     the provider's place in the order
 * @param refusals what the providers before it said
 */
record Choice(Node node, KernelRequest request, KernelProvider provider, int rank, Support.Yes yes, List<String> refusals) {
    Choice {
        refusals = List.copyOf(refusals);
    }

    /** Tells what this choice packs from what others do, in a file too: another kernel packs other bytes. */
    String scope(int step) {
        return step + " " + node.name() + " " + yes.kernel() + " " + yes.tier();
    }

    /** Scratch memory of one thread. */
    long scratchBytes() {
        return (yes.scratchBytes() + MemoryPlan.ALIGNMENT - 1) / MemoryPlan.ALIGNMENT * MemoryPlan.ALIGNMENT;
    }
}
