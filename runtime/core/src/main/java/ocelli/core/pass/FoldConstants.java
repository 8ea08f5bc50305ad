package ocelli.core.pass;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.DetectionPostProcess;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Value;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.reference.ReferenceProvider;

/** Runs nodes whose inputs are all constants on the reference kernels: float16 weights become float32, shapes disappear. */
final class FoldConstants implements Pass {
    /** Bytes that folding may touch, so that a hostile Tile or Resize can fill neither memory nor hours. */
    private static final long MOST_BYTES = 1L << 29;
    /** The same for one node: 13 million float16 weights, or a heap table of 26 million elements for a Tile of bytes. */
    private static final long MOST_BYTES_OF_NODE = 1L << 27;

    @Override
    public String name() {
        return "fold-constants";
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        Rewrite rewrite = new Rewrite(graph);
        ReferenceProvider reference = new ReferenceProvider();
        long budget = MOST_BYTES;
        for (Node node : graph.nodes()) {
            List<Value> inputs = node.inputs().stream().map(rewrite::current).toList();
            if (isLinear(node.op()) && inputs.stream().allMatch(Value::isConstant)) {
                Node bound = new Node(node.name(), node.op(), inputs, node.outputs());
                KernelRequest request = KernelRequest.of(bound, 1);
                long bytes = bytes(inputs, node.outputs());
                if (bytes <= Math.min(budget, MOST_BYTES_OF_NODE) && reference.supports(request) instanceof Support.Yes yes) {
                    fold(rewrite, node, reference, request, yes);
                    budget -= bytes;
                    log.accept(node.name());
                }
            }
        }
        return rewrite.graph();
    }

    /** What is read and written, and an index of each result, for kernels that move elements build such tables. */
    private static long bytes(List<Value> inputs, List<Value> outputs) {
        return Stream.concat(inputs.stream(), outputs.stream()).mapToLong(v -> v.type().bytes()).sum()
                + outputs.stream().mapToLong(v -> v.type().shape().elements() * 4L).sum();
    }

    /** True when the work is proportional to the operands. The others have weights and windows, and no use on constants. */
    private static boolean isLinear(Op op) {
        return switch (op) {
            case Conv2d _, DepthwiseConv2d _, FullyConnected _, Pool2d _, DetectionPostProcess _ -> false;
            default -> true;
        };
    }

    private static void fold(Rewrite rewrite, Node node, ReferenceProvider reference, KernelRequest request, Support.Yes yes) {
        // The collector owns the results: they are constants of the new graph for as long as it is reachable.
        Memory memory = new Memory(request, yes.scratchBytes(), Arena.ofAuto());
        Kernel kernel = reference.bind(request, memory);
        kernel.run(0, kernel.tiles(), 0);
        rewrite.drop(node);
        for (int i = 0; i < node.outputs().size(); i++) {
            Value out = node.outputs().get(i);
            rewrite.rename(out, Value.constant(out.name(), out.type(), memory.outputs[i]));
        }
    }

    private static final class Memory implements KernelMemory {
        private final KernelRequest request;
        private final Arena arena;
        private final MemorySegment[] outputs;
        private final MemorySegment scratch;

        Memory(KernelRequest request, long scratchBytes, Arena arena) {
            this.request = request;
            this.arena = arena;
            this.outputs = request.outputs().stream().map(o -> allocate(arena, o.type().bytes())).toArray(MemorySegment[]::new);
            this.scratch = allocate(arena, scratchBytes);
        }

        private static MemorySegment allocate(Arena arena, long bytes) {
            return arena.allocate(bytes, 64);
        }

        @Override
        public MemorySegment input(int i) {
            return request.input(i).constant();
        }

        @Override
        public MemorySegment output(int i) {
            return outputs[i];
        }

        @Override
        public MemorySegment scratch(int worker) {
            return scratch;
        }

        @Override
        public MemorySegment allocate(long bytes) {
            return allocate(arena, bytes);
        }
    }
}
