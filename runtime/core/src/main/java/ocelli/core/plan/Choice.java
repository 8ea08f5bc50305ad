package ocelli.core.plan;

import java.lang.foreign.MemorySegment;
import java.util.List;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;

/**
 * A provider's yes to one node.
 *
 * @param rank     the provider's place in the order
 * @param refusals what the providers before it said
 */
record Choice(Node node, KernelRequest request, KernelProvider provider, int rank, Support.Yes yes, List<String> refusals) implements Work {
    Choice {
        refusals = List.copyOf(refusals);
    }

    /**
     * Tells what this node packs from what others do, in a file too: another kernel packs other bytes.
     *
     * @param by the kernel, which may be another than this choice's for a part of the node's work
     */
    String scope(int step, Support.Yes by) {
        return step + " " + node.name() + " " + by.kernel() + " " + by.tier();
    }

    @Override
    public List<Value> inputs() {
        return node.inputs();
    }

    @Override
    public List<Value> outputs() {
        return node.outputs();
    }

    @Override
    public String name() {
        return node.name();
    }

    @Override
    public Step bind(PlanMemory memory, int step, List<MemorySegment> scratch) {
        Kernel kernel = provider.bind(request, memory.forNode(node, scope(step, yes), scratch));
        return new Step(List.of(node), provider.name(), yes.kernel(), yes.tier(), kernel, refusals, scratchBytes() * scratch.size());
    }

    @Override
    public long scratchBytes() {
        return (yes.scratchBytes() + MemoryPlan.ALIGNMENT - 1) / MemoryPlan.ALIGNMENT * MemoryPlan.ALIGNMENT;
    }
}
