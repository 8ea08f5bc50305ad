package ocelli.core.plan;

import java.lang.foreign.Arena;
import java.util.List;
import ocelli.core.graph.Graph;
import ocelli.core.tensor.Tensor;

/**
 * A network compiled once: kernels bound to addresses of one arena, in the order in which they run. Owns its memory;
 * after {@link #close} every tensor of it is invalid.
 */
public final class ExecutionPlan implements AutoCloseable {
    private final Arena arena;
    private final Graph graph;
    private final List<Step> steps;
    private final MemoryPlan memory;
    private final long constantBytes;
    private final List<Tensor> inputs;
    private final List<Tensor> outputs;
    private final List<String> notes;
    private final LoadReport load;

    ExecutionPlan(Arena arena, Graph graph, List<Step> steps, MemoryPlan memory, long constantBytes, List<Tensor> inputs,
                  List<Tensor> outputs, List<String> notes, LoadReport load) {
        this.arena = arena;
        this.graph = graph;
        this.steps = List.copyOf(steps);
        this.memory = memory;
        this.constantBytes = constantBytes;
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.notes = List.copyOf(notes);
        this.load = load;
    }

    /** The graph as it runs, after all passes. */
    public Graph graph() {
        return graph;
    }

    public List<Step> steps() {
        return steps;
    }

    public MemoryPlan memory() {
        return memory;
    }

    /** Bytes of the arena of activations and scratch memory. */
    public long arenaBytes() {
        return memory.bytes();
    }

    /** Bytes of packed weights and tables. */
    public long constantBytes() {
        return constantBytes;
    }

    /** The graph's inputs; write them before a run. They keep their contents. */
    public List<Tensor> inputs() {
        return inputs;
    }

    /** The graph's outputs; valid after a run until the next one. */
    public List<Tensor> outputs() {
        return outputs;
    }

    /** What the passes did and what became a view, one line each. */
    public List<String> notes() {
        return notes;
    }

    /** What compiling took. */
    public LoadReport load() {
        return load;
    }

    @Override
    public void close() {
        arena.close();
    }
}
