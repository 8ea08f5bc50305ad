package ocelli.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.reference.ReferenceProvider;

/**
 * The oracle of plans: runs the nodes as they stand, one after the other, each on its reference kernel with memory of its
 * own. No pass, no view, no shared arena, no threads.
 */
public final class GraphInterpreter {
    private static final int ALIGNMENT = 64;

    private GraphInterpreter() {
    }

    /**
     * Runs a graph once.
     *
     * @param inputs the bytes of each graph input
     * @return the bytes of each graph output
     * @throws IllegalArgumentException when the reference refuses a node
     */
    public static List<byte[]> run(Graph graph, List<byte[]> inputs) {
        return run(graph, inputs, (_, _) -> { });
    }

    /**
     * Runs a graph once under observation.
     *
     * @param watcher sees each value as soon as it is computed, and may overwrite what the nodes behind will read
     */
    static List<byte[]> run(Graph graph, List<byte[]> inputs, BiConsumer<Value, MemorySegment> watcher) {
        try (Arena arena = Arena.ofConfined()) {
            Map<Value, MemorySegment> memory = new IdentityHashMap<>();
            for (int i = 0; i < inputs.size(); i++) {
                MemorySegment segment = arena.allocate(inputs.get(i).length, ALIGNMENT);
                MemorySegment.copy(inputs.get(i), 0, segment, ValueLayout.JAVA_BYTE, 0, inputs.get(i).length);
                memory.put(graph.inputs().get(i), segment);
            }
            for (Node node : graph.nodes()) {
                node.outputs().forEach(v -> memory.put(v, arena.allocate(v.type().bytes(), ALIGNMENT)));
                run(node, memory, arena);
                node.outputs().forEach(v -> watcher.accept(v, memory.get(v)));
            }
            List<byte[]> outputs = new ArrayList<>();
            graph.outputs().forEach(v -> outputs.add(of(v, memory).toArray(ValueLayout.JAVA_BYTE)));
            return outputs;
        }
    }

    private static MemorySegment of(Value v, Map<Value, MemorySegment> memory) {
        return v.data().orElseGet(() -> memory.get(v));
    }

    private static void run(Node node, Map<Value, MemorySegment> memory, Arena arena) {
        ReferenceProvider reference = new ReferenceProvider();
        KernelRequest request = KernelRequest.of(node, 1);
        long scratchBytes = switch (reference.supports(request)) {
            case Support.Yes yes -> yes.scratchBytes();
            case Support.No no -> throw new IllegalArgumentException("node " + node.name() + ": " + no.reason());
        };
        MemorySegment scratch = arena.allocate(scratchBytes, ALIGNMENT);
        Kernel kernel = reference.bind(request, new KernelMemory() {
            @Override
            public MemorySegment input(int i) {
                return of(node.input(i), memory);
            }

            @Override
            public MemorySegment output(int i) {
                return memory.get(node.outputs().get(i));
            }

            @Override
            public MemorySegment scratch(int worker) {
                return scratch;
            }

            @Override
            public MemorySegment allocate(long bytes) {
                return arena.allocate(bytes, ALIGNMENT);
            }
        });
        kernel.run(0, kernel.tiles(), 0);
    }
}
