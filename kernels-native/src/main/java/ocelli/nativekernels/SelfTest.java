package ocelli.nativekernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.Random;
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
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Small convolutions on the kernels of a tier, compared with the reference when the library is loaded: a wrong library, or a
 * processor that does not do what it claims, gives a reason in the plan instead of wrong boxes. Takes a few milliseconds.
 */
final class SelfTest {
    /** Few pixels and products: the reference runs interpreted here, at every start (40 ms at 6 x 6 x 19 channels, 3 ms so). */
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
        Window window = Window.same(3, 3, 1, 1, 1, 1, SIZE, SIZE);
        for (DType dtype : List.of(DType.UINT8, DType.INT8, DType.FLOAT32)) {
            for (Op op : List.of(new Conv2d(window, 1, Activation.NONE), new DepthwiseConv2d(window, 1, Activation.NONE))) {
                try (Arena arena = Arena.ofConfined()) {
                    KernelRequest request = request(op, dtype, arena);
                    Memory law = new Memory(request, 0, arena);
                    run(new ReferenceProvider().bind(request, law));
                    if (!(kernels.supports(request) instanceof Support.Yes yes)) {
                        return Optional.of("self-test: no kernel for " + op.name() + " of " + dtype.label());
                    }
                    Memory memory = new Memory(request, yes.scratchBytes(), arena);
                    run(kernels.bind(request, memory));
                    if (!same(dtype, law.output(0), memory.output(0))) {
                        return Optional.of("self-test: " + op.name() + " of " + dtype.label() + " differs from the reference");
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static KernelRequest request(Op op, DType dtype, Arena arena) {
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
        Random random = new Random(7);
        return new KernelRequest("self-test", op, List.of(
                Operand.activation(new TensorType(dtype, Shape.of(1, SIZE, SIZE, in), floats ? Quantization.NONE : Quantization.perTensor(0.03f, 5))),
                constant(new TensorType(dtype, depthwise ? Shape.of(1, 3, 3, in) : Shape.of(out, 3, 3, in), weights), random, arena),
                constant(new TensorType(floats ? DType.FLOAT32 : DType.INT32, Shape.of(out), Quantization.NONE), random, arena)),
                List.of(Operand.activation(new TensorType(dtype, Shape.of(1, SIZE, SIZE, out),
                        floats ? Quantization.NONE : Quantization.perTensor(0.05f, -3 + (dtype == DType.UINT8 ? 128 : 0))))), 1);
    }

    private static Operand constant(TensorType type, Random random, Arena arena) {
        MemorySegment data = arena.allocate(type.bytes(), 64);
        fill(type.dtype(), data, random);
        return Operand.constant(type, data);
    }

    private static void fill(DType dtype, MemorySegment data, Random random) {
        for (long i = 0; i < data.byteSize() / dtype.bytes(); i++) {
            switch (dtype) {
                case FLOAT32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, i, 2 * random.nextFloat() - 1);
                case INT32 -> data.setAtIndex(ValueLayout.JAVA_INT, i, random.nextInt(2001) - 1000);
                // Symmetric weights stay in −127 … 127.
                default -> data.set(ValueLayout.JAVA_BYTE, i, (byte) (random.nextInt(255) - 127));
            }
        }
    }

    private static void run(Kernel kernel) {
        kernel.run(0, kernel.tiles(), 0);
    }

    private static boolean same(DType dtype, MemorySegment wanted, MemorySegment found) {
        if (dtype != DType.FLOAT32) {
            return wanted.mismatch(found) < 0;
        }
        for (long i = 0; i < wanted.byteSize() / 4; i++) {
            if (!(Math.abs(wanted.getAtIndex(ValueLayout.JAVA_FLOAT, i) - found.getAtIndex(ValueLayout.JAVA_FLOAT, i)) <= FLOAT_BOUND)) {
                return false;
            }
        }
        return true;
    }

    /** Memory of one request; the input's contents are the same every time. */
    private static final class Memory implements KernelMemory {
        private final KernelRequest request;
        private final Arena arena;
        private final MemorySegment input;
        private final MemorySegment output;
        private final MemorySegment scratch;

        /** @param scratchBytes what the kernel asked for */
        Memory(KernelRequest request, long scratchBytes, Arena arena) {
            this.request = request;
            this.arena = arena;
            input = arena.allocate(request.inputType(0).bytes(), 64);
            fill(request.inputType(0).dtype(), input, new Random(11));
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
