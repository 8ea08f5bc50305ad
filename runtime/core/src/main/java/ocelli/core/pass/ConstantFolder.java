package ocelli.core.pass;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvInteger;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.DeformConv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.DetectionPostProcess;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.GridSample;
import ocelli.core.graph.LocalResponseNormalization;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.MatMulInteger;
import ocelli.core.graph.MaxPoolIndices;
import ocelli.core.graph.Node;
import ocelli.core.graph.NonMaxSuppression;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.RoiAlign;
import ocelli.core.graph.Value;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.TensorType;

/**
 * Runs nodes on the reference kernels when all their inputs are constants, within a budget of bytes, so that a hostile Tile or
 * Resize can fill neither memory nor hours. One instance for one graph; not thread-safe.
 */
public final class ConstantFolder {
    /** Bytes that the nodes of a graph may touch together. */
    private static final long MOST_BYTES = 1L << 29;
    /** The same for one node: 13 million float16 weights, or a heap table of 26 million elements for a Tile of bytes. */
    private static final long MOST_BYTES_OF_NODE = 1L << 27;

    private final ReferenceProvider reference = new ReferenceProvider();
    private long budget = MOST_BYTES;

    /** With the whole budget. */
    public ConstantFolder() {
    }

    /**
     * The node's outputs as constants; empty when an input is not constant, the reference has no kernel for the node, its work is
     * not proportional to its operands, or the budget is used up. The collector owns the results' memory.
     */
    public Optional<List<Value>> fold(Node node) {
        if (!isLinear(node.op()) || !node.inputs().stream().allMatch(Value::isConstant)) {
            return Optional.empty();
        }
        Node plain = plain(node);
        KernelRequest request = KernelRequest.of(plain, 1);
        long bytes = bytes(node.inputs(), node.outputs());
        if (bytes > Math.min(budget, MOST_BYTES_OF_NODE) || !(reference.supports(request) instanceof Support.Yes yes)) {
            return Optional.empty();
        }
        budget -= bytes;
        Memory memory = new Memory(request, yes.scratchBytes(), Arena.ofAuto());
        if (WeightFold.takes(plain)) {
            WeightFold.run(plain, memory.input(0), memory.output(0));
        } else {
            Kernel kernel = reference.bind(request, memory);
            kernel.run(0, kernel.tiles(), 0);
        }
        List<Value> constants = new ArrayList<>();
        for (int i = 0; i < node.outputs().size(); i++) {
            Value out = node.outputs().get(i);
            constants.add(Value.constant(out.name(), out.type(), memory.outputs[i]));
        }
        return Optional.of(constants);
    }

    /**
     * No kernel moves what has a scale for each index of an axis, or int32 with a scale; as plain integers constants move, and the
     * node's output says what they mean then.
     */
    private static Node plain(Node node) {
        TensorType in = node.input(0).type();
        boolean moves = !in.quant().isNone() && !Movement.isPerTensor8(in)
                && Movement.moved(node.op(), in).equals(Optional.of(node.output().type().quant()));
        return !moves ? node : new Node(node.name(), node.op(),
                List.of(Value.constant(node.input(0).name(), plain(in), node.input(0).data().orElseThrow())),
                List.of(Value.of(node.output().name(), plain(node.output().type()))));
    }

    private static TensorType plain(TensorType type) {
        return new TensorType(type.dtype(), type.shape(), Quantization.NONE);
    }

    /** What is read and written, and an index of each result, for kernels that move elements build such tables. */
    private static long bytes(List<Value> inputs, List<Value> outputs) {
        return Stream.concat(inputs.stream(), outputs.stream()).mapToLong(v -> v.type().bytes()).sum()
                + outputs.stream().mapToLong(v -> v.type().shape().elements() * 4L).sum();
    }

    /** True when the work is proportional to the operands. The others have weights and windows, and no use on constants. */
    private static boolean isLinear(Op op) {
        return switch (op) {
            case Conv2d _, DepthwiseConv2d _, ConvTranspose2d _, DeformConv2d _, ConvInteger _, FullyConnected _, MatMul _, MatMulInteger _,
                    Pool2d _, MaxPoolIndices _, LocalResponseNormalization _, GridSample _, RoiAlign _, NonMaxSuppression _,
                    DetectionPostProcess _ -> false;
            default -> true;
        };
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
