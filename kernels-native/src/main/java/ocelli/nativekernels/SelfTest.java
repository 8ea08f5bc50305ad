package ocelli.nativekernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Op;
import ocelli.core.graph.Window;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.ListedKernels;
import ocelli.core.kernel.Operand;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Small convolutions on the kernels of a tier, compared with {@link PlainConvolution} when the library is loaded: a wrong library,
 * or a processor that does not do what it claims, gives a reason in the plan instead of wrong boxes. Takes a few milliseconds.
 */
final class SelfTest {
    private static final int SIZE = 3;
    /** None is a multiple of a vector. */
    private static final int IN = 5;
    private static final int OUT = 19;
    private static final int DEPTHWISE = 19;
    /** Of sums of at most 45 products of numbers up to 1. */
    private static final float FLOAT_BOUND = 1e-3f;

    private SelfTest() {
    }

    /** What went wrong, or nothing. */
    static Optional<String> run(ListedKernels kernels) {
        for (Case c : cases()) {
            try (Arena arena = Arena.ofConfined()) {
                KernelRequest request = c.request(arena);
                if (!(kernels.supports(request) instanceof Support.Yes yes)) {
                    return Optional.of("self-test: no kernel for " + c.op.name() + " of " + c.dtype.label());
                }
                Memory memory = new Memory(request, c.input(), yes.scratchBytes(), arena);
                Kernel kernel = kernels.bind(request, memory);
                kernel.run(0, kernel.tiles(), 0);
                if (!same(new PlainConvolution(request).outputs(c.input()), PlainConvolution.numbers(request.outputType(), memory.output))) {
                    return Optional.of("self-test: " + c.op.name() + " of " + c.dtype.label() + " differs from the reference");
                }
            }
        }
        return Optional.empty();
    }

    static List<Case> cases() {
        Window window = Window.same(3, 3, 1, 1, 1, 1, SIZE, SIZE);
        List<Case> cases = new ArrayList<>();
        for (DType dtype : List.of(DType.UINT8, DType.INT8, DType.FLOAT32)) {
            cases.add(new Case(new Conv2d(window, 1, Activation.NONE), dtype));
            cases.add(new Case(new DepthwiseConv2d(window, 1, Activation.NONE), dtype));
        }
        return cases;
    }

    private static boolean same(float[] wanted, float[] found) {
        for (int i = 0; i < wanted.length; i++) {
            // Bytes are whole numbers, so that this bound allows no difference.
            if (!(Math.abs(wanted[i] - found[i]) <= FLOAT_BOUND)) {
                return false;
            }
        }
        return true;
    }

    /** One convolution; its numbers are the same every time. */
    record Case(Op op, DType dtype) {
        KernelRequest request(Arena arena) {
            boolean depthwise = op instanceof DepthwiseConv2d;
            boolean floats = dtype == DType.FLOAT32;
            int in = depthwise ? DEPTHWISE : IN;
            int out = depthwise ? DEPTHWISE : OUT;
            float[] scales = new float[out];
            for (int c = 0; c < out; c++) {
                scales[c] = 0.001f + 0.0001f * c;
            }
            Quantization weights = floats ? Quantization.NONE : dtype == DType.UINT8 ? Quantization.perTensor(0.002f, 131)
                    : Quantization.perAxis(scales, new int[out], depthwise ? 3 : 0);
            return new KernelRequest("self-test", op, List.of(
                    Operand.activation(new TensorType(dtype, Shape.of(1, SIZE, SIZE, in), floats ? Quantization.NONE : Quantization.perTensor(0.03f, 5))),
                    constant(new TensorType(dtype, depthwise ? Shape.of(1, 3, 3, in) : Shape.of(out, 3, 3, in), weights), arena),
                    constant(new TensorType(floats ? DType.FLOAT32 : DType.INT32, Shape.of(out), Quantization.NONE), arena)),
                    List.of(Operand.activation(new TensorType(dtype, Shape.of(1, SIZE, SIZE, out),
                            floats ? Quantization.NONE : Quantization.perTensor(0.05f, -3 + (dtype == DType.UINT8 ? 128 : 0))))), 1);
        }

        /** Contents of the input. */
        MemorySegment input() {
            return mixed(dtype, SIZE * SIZE * (op instanceof DepthwiseConv2d ? DEPTHWISE : IN), 11);
        }

        private static Operand constant(TensorType type, Arena arena) {
            MemorySegment data = arena.allocate(type.bytes(), 64);
            data.copyFrom(mixed(type.dtype(), type.shape().elements(), 7));
            return Operand.constant(type, data);
        }

        /** Numbers all over a type's range, biases up to 1000. Arrays and a simple generator, for nothing here is compiled yet. */
        private static MemorySegment mixed(DType dtype, int n, int seed) {
            byte[] bytes = new byte[n];
            int[] ints = new int[n];
            float[] floats = new float[n];
            int state = seed;
            for (int i = 0; i < n; i++) {
                state = state * 1_103_515_245 + 12_345;
                int number = state >>> 16;
                // Symmetric weights stay in −127 … 127.
                bytes[i] = (byte) (number % 255 - 127);
                ints[i] = number % 2001 - 1000;
                floats[i] = number % 2001 / 1000f - 1;
            }
            return switch (dtype) {
                case FLOAT32 -> MemorySegment.ofArray(floats);
                case INT32 -> MemorySegment.ofArray(ints);
                default -> MemorySegment.ofArray(bytes);
            };
        }
    }

    /** Memory of one request. */
    static final class Memory implements KernelMemory {
        private final KernelRequest request;
        private final Arena arena;
        private final MemorySegment input;
        final MemorySegment output;
        private final MemorySegment scratch;

        /** @param scratchBytes what the kernel asked for */
        Memory(KernelRequest request, MemorySegment contents, long scratchBytes, Arena arena) {
            this.request = request;
            this.arena = arena;
            input = arena.allocate(request.inputType(0).bytes(), 64).copyFrom(contents);
            output = arena.allocate(request.outputType().bytes(), 64);
            scratch = arena.allocate(scratchBytes, 64);
        }

        @Override
        public MemorySegment input(int i) {
            return i == 0 ? input : request.input(i).constant();
        }

        @Override
        public MemorySegment output(int i) {
            return output;
        }

        @Override
        public MemorySegment scratch(int worker) {
            return scratch;
        }

        @Override
        public MemorySegment allocate(long bytes) {
            return arena.allocate(bytes, 64);
        }
    }
}
