package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.QuantizedSum;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Add, Sub and Mul with broadcasting on float32, int32 and 8-bit quantised tensors. */
final class BinaryReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        DType t = r.inputType(0).dtype();
        boolean plain = (t == DType.FLOAT32 || t == DType.INT32) && r.outputType().dtype() == t;
        boolean quantised = r.inputType(0).isQuantized8() && r.inputType(1).isQuantized8() && r.outputType().isQuantized8();
        boolean clamped = t == DType.INT32 && !((Binary) r.op()).activation().isNone();
        return !r.isDense() ? Support.no("operands are not dense") : !((Binary) r.op()).kind().isSumOrProduct() ? Support.no("no kernel")
                : (plain || quantised) && !clamped ? Support.yes("BinaryReference", "java")
                : Support.no("operands are " + r.inputType(0) + ", " + r.inputType(1) + " and " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Binary op = (Binary) r.op();
        Shape out = r.outputType().shape();
        int[] ai = broadcast(r.inputType(0).shape(), out);
        int[] bi = broadcast(r.inputType(1).shape(), out);
        if (r.outputType().isQuantized8()) {
            return new Quantised(op.kind(), r, ai, bi, memory.input(0), memory.input(1), memory.output(0));
        }
        return new Plain(op.kind(), op.activation(), r.outputType().dtype(), ai, bi, memory.input(0), memory.input(1), memory.output(0));
    }

    /** For each output element the index of the element of an operand that is stretched to it. */
    static int[] broadcast(Shape in, Shape out) {
        int[] strides = in.strides();
        int[] at = new int[out.rank()];
        int[] index = new int[out.elements()];
        int missing = out.rank() - in.rank();
        for (int i = 0; i < index.length; i++) {
            for (int d = missing; d < at.length; d++) {
                index[i] += in.dim(d - missing) == 1 ? 0 : at[d] * strides[d - missing];
            }
            for (int d = at.length - 1; d >= 0 && ++at[d] == out.dim(d); d--) {
                at[d] = 0;
            }
        }
        return index;
    }

    private record Plain(Binary.Kind kind, Activation activation, DType type, int[] ai, int[] bi, MemorySegment a, MemorySegment b,
                         MemorySegment y) implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int i = 0; i < ai.length; i++) {
                if (type == DType.INT32) {
                    int p = Memory.i32(a, ai[i]);
                    int q = Memory.i32(b, bi[i]);
                    Memory.i32(y, i, switch (kind) {
                        case ADD -> p + q;
                        case SUB -> p - q;
                        case MUL -> p * q;
                        default -> throw new AssertionError(kind);
                    });
                } else {
                    float p = Memory.f32(a, ai[i]);
                    float q = Memory.f32(b, bi[i]);
                    float v = switch (kind) {
                        case ADD -> p + q;
                        case SUB -> p - q;
                        case MUL -> p * q;
                        default -> throw new AssertionError(kind);
                    };
                    Memory.f32(y, i, Math.min(Math.max(v, activation.min()), activation.max()));
                }
            }
        }
    }

    /** Sums by {@link QuantizedSum}; products through the {@link Requantizer} with scale sa·sb/so. */
    private static final class Quantised implements Kernel {
        private final Binary.Kind kind;
        private final int[] ai;
        private final int[] bi;
        private final MemorySegment a;
        private final MemorySegment b;
        private final MemorySegment y;
        private final TensorType aType;
        private final TensorType bType;
        private final QuantizedSum sum;
        private final Requantizer product;

        Quantised(Binary.Kind kind, KernelRequest r, int[] ai, int[] bi, MemorySegment a, MemorySegment b, MemorySegment y) {
            this.kind = kind;
            this.ai = ai;
            this.bi = bi;
            this.a = a;
            this.b = b;
            this.y = y;
            aType = r.inputType(0);
            bType = r.inputType(1);
            Activation activation = ((Binary) r.op()).activation();
            sum = QuantizedSum.of(aType, bType, r.outputType(), kind == Binary.Kind.SUB, activation);
            product = Requantizer.of(aType.quant().scale() * bType.quant().scale() / r.outputType().quant().scale(), r.outputType(), activation);
        }

        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int i = 0; i < ai.length; i++) {
                int p = Memory.q8(a, Memory.signed(aType.dtype()), ai[i]);
                int q = Memory.q8(b, Memory.signed(bType.dtype()), bi[i]);
                Memory.q8(y, i, kind == Binary.Kind.MUL
                        ? product.apply((p - aType.quant().zeroPoint()) * (q - bType.quant().zeroPoint()), 0) : sum.apply(p, q));
            }
        }
    }
}
