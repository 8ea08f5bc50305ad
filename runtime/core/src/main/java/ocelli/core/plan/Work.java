package ocelli.core.plan;

import java.lang.foreign.MemorySegment;
import java.util.List;
import ocelli.core.graph.Value;

/** What one step of a plan does, before it is bound. */
sealed interface Work permits Choice, RowBands {
    /** Activations and constants that must be there. */
    List<Value> inputs();

    /** Values that are there afterwards. */
    List<Value> outputs();

    /** Scratch memory of one thread, a multiple of {@link MemoryPlan#ALIGNMENT}. */
    long scratchBytes();

    /** For messages. */
    String name();

    /**
     * Binds the kernels.
     *
     * @param step    the step's place in the plan
     * @param scratch for each thread its scratch memory
     */
    Step bind(PlanMemory memory, int step, List<MemorySegment> scratch);
}
