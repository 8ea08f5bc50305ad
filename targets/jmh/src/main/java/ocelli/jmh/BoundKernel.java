package ocelli.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;

/**
 * One kernel with memory of its own, of the kind that a plan has, run as a session of one thread runs it. No pass and no planner
 * comes between, so that what would be a view, or fused, is measured as well.
 */
final class BoundKernel implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> inputs;
    private final List<MemorySegment> outputs;
    private final Kernel kernel;
    private final int tiles;

    /** @throws IllegalArgumentException when the provider does not take the problem, so that no other kernel is measured by mistake */
    BoundKernel(KernelProvider provider, Problem problem) {
        inputs = problem.inputs().stream().map(i -> segment(i.type().bytes()).copyFrom(MemorySegment.ofArray(i.elements()))).toList();
        outputs = problem.outputs().stream().map(t -> segment(t.bytes())).toList();
        KernelRequest request = problem.request(inputs);
        switch (provider.supports(request)) {
            case Support.Yes yes -> kernel = provider.bind(request, new Memory(segment(yes.scratchBytes())));
            case Support.No no -> {
                arena.close();
                throw new IllegalArgumentException(provider.name() + " does not take " + problem.name() + ": " + no.reason());
            }
        }
        tiles = kernel.tiles();
    }

    private MemorySegment segment(long bytes) {
        return arena.allocate(Math.max(bytes, 1), ALIGNMENT).asSlice(0, bytes);
    }

    void run() {
        kernel.run(0, tiles, 0);
    }

    /** The memory of the results. */
    List<MemorySegment> outputs() {
        return outputs;
    }

    @Override
    public void close() {
        arena.close();
    }

    private final class Memory implements KernelMemory {
        private final MemorySegment scratch;

        Memory(MemorySegment scratch) {
            this.scratch = scratch;
        }

        @Override
        public MemorySegment input(int i) {
            return inputs.get(i);
        }

        @Override
        public MemorySegment output(int i) {
            return outputs.get(i);
        }

        @Override
        public MemorySegment scratch(int worker) {
            return scratch;
        }

        @Override
        public MemorySegment allocate(long bytes) {
            return segment(bytes);
        }
    }
}
