package ocelli.nativekernels;

import java.lang.foreign.MemorySegment;
import java.util.List;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Unary;
import ocelli.core.kernel.FloatSum;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.QuantTables;
import ocelli.core.kernel.QuantizedProduct;
import ocelli.core.kernel.QuantizedSum;
import ocelli.core.kernel.StridedLoops;
import ocelli.core.kernel.Support;
import ocelli.core.kernel.Tiling;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** Functions of one tensor, and sums, products and their kin of two that are stretched to each other; views as well. */
record ElementwiseNative(TierKernels tier) implements KernelFactory {
    /** Elements of a tile: about 10 µs of work, so that waking a thread pays. */
    static final int TILE = 1 << 16;
    /** Functions take longer for an element. */
    private static final int FUNCTION_TILE = 1 << 15;
    /** In the order of {@code BinaryKind} in kernels.h. */
    private static final List<Binary.Kind> BINARIES = List.of(Binary.Kind.ADD, Binary.Kind.SUB, Binary.Kind.MUL, Binary.Kind.DIV,
            Binary.Kind.MIN, Binary.Kind.MAX);
    /** In the order of {@code UnaryKind} in kernels.h, whose first is the clamp. */
    private static final List<Unary.Kind> FUNCTIONS = List.of(Unary.Kind.CLIP, Unary.Kind.LOGISTIC, Unary.Kind.TANH, Unary.Kind.HARD_SWISH,
            Unary.Kind.SWISH, Unary.Kind.MISH, Unary.Kind.GELU, Unary.Kind.GELU_TANH, Unary.Kind.LEAKY_RELU, Unary.Kind.ELU,
            Unary.Kind.CELU, Unary.Kind.SELU, Unary.Kind.HARD_SIGMOID, Unary.Kind.THRESHOLDED_RELU, Unary.Kind.SHRINK,
            Unary.Kind.SOFTPLUS, Unary.Kind.SOFTSIGN, Unary.Kind.EXP, Unary.Kind.LOG, Unary.Kind.SQRT, Unary.Kind.RECIPROCAL,
            Unary.Kind.ABS, Unary.Kind.NEG, Unary.Kind.SIGN, Unary.Kind.FLOOR, Unary.Kind.CEIL, Unary.Kind.ROUND, Unary.Kind.ERF);

    @Override
    public Support supports(KernelRequest r) {
        TensorType a = r.inputType(0);
        TensorType y = r.outputType();
        boolean floats = r.inputs().stream().allMatch(i -> i.type().dtype() == DType.FLOAT32) && y.dtype() == DType.FLOAT32;
        boolean quantised = r.inputs().stream().allMatch(i -> i.type().isQuantized8() && i.type().dtype() == a.dtype()) && y.isQuantized8();
        String name = switch (r.op()) {
            case Binary b when floats && BINARIES.contains(b.kind()) -> "BinaryF32Native";
            case Binary b when quantised && b.kind().isSumOrProduct() && a.dtype() == y.dtype() -> "BinaryQ8Native";
            case PRelu _ when floats -> "PReluF32Native";
            case Unary u when floats && u.clamp().isPresent() -> "ClampF32Native";
            case Unary u when floats && u.kind() != Unary.Kind.CLIP && FUNCTIONS.contains(u.kind()) -> "UnaryF32Native";
            case Unary _ when quantised -> "TableQ8Native";
            default -> null;
        };
        return name != null ? Support.yes(name, tier.tier().label()) : Support.no("no kernel for " + r.op().name() + " of "
                + r.inputs().stream().map(i -> i.type().dtype().label()).toList() + " to " + y.dtype().label());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        StridedLoops loops = r.hasInput(1) ? StridedLoops.broadcast(r.output(), r.input(0), r.input(1))
                : StridedLoops.broadcast(r.output(), r.input(0));
        int tile = r.op() instanceof Unary u && u.clamp().isEmpty() ? FUNCTION_TILE : TILE;
        Tiling tiling = Tiling.of(loops, tile, tile);
        Params params = new Params(memory, ElementParam.values()).set(ElementParam.A, memory.input(0)).set(ElementParam.Y, memory.output(0))
                .setLoops(loops, tiling, 1);
        if (r.hasInput(1)) {
            params.set(ElementParam.B, memory.input(1));
        }
        return new NativeKernel(tier.function(prepare(r, memory, params)), params.address(), tiling.tiles());
    }

    private static KernelId prepare(KernelRequest r, KernelMemory memory, Params params) {
        boolean floats = r.inputType(0).dtype() == DType.FLOAT32;
        return switch (r.op()) {
            case Binary b when floats -> {
                clamp(params, b.activation());
                params.set(ElementParam.KIND, BINARIES.indexOf(b.kind()));
                yield KernelId.BINARY_F32;
            }
            case Binary b -> quantisedBinary(r, b, params);
            case Unary u when floats -> {
                u.clamp().ifPresent(c -> clamp(params, c));
                params.set(ElementParam.KIND, kind(u))
                        .setFloat(ElementParam.ALPHA_F32, u.alpha()).setFloat(ElementParam.BETA_F32, u.beta());
                yield KernelId.UNARY_F32;
            }
            case Unary u -> table(params, memory, QuantTables.unary(r.inputType(0), r.outputType(), u::apply));
            default -> KernelId.PRELU_F32;
        };
    }

    /** The {@code UnaryKind} of kernels.h; 0 for clamps. */
    static int kind(Unary u) {
        return u.clamp().isPresent() ? 0 : FUNCTIONS.indexOf(u.kind());
    }

    /** A table of 256 bytes and the kernel that looks up there. */
    static KernelId table(Params params, KernelMemory memory, byte[] table) {
        params.set(ElementParam.TABLE, memory.allocate(256).copyFrom(MemorySegment.ofArray(table)));
        return KernelId.TABLE_Q8;
    }

    private static void clamp(Params params, Activation a) {
        params.setFloat(ElementParam.LOW_F32, a.min()).setFloat(ElementParam.HIGH_F32, a.max());
    }

    private static KernelId quantisedBinary(KernelRequest r, Binary op, Params params) {
        TensorType a = r.inputType(0);
        TensorType b = r.inputType(1);
        TensorType y = r.outputType();
        params.set(ElementParam.A_SIGNED, Params.signed(a.dtype()));
        if (op.kind() == Binary.Kind.MUL) {
            QuantizedProduct rule = QuantizedProduct.of(a, b, y, op);
            params.set(ElementParam.A_ZERO, rule.zeroA()).set(ElementParam.B_ZERO, rule.zeroB()).set(ElementParam.Y_ZERO, rule.zeroPoint())
                    .setFloat(ElementParam.SCALE_F32, rule.scale()).set(ElementParam.OFFSET, rule.offset())
                    .set(ElementParam.LOW, rule.low()).set(ElementParam.HIGH, rule.high());
            return KernelId.MUL_Q8;
        }
        boolean difference = op.kind() == Binary.Kind.SUB;
        if (op.rounding() == Binary.Rounding.FLOAT) {
            FloatSum sum = FloatSum.of(a, b, y, difference, op.activation());
            params.setFloat(ElementParam.SCALE_A_F32, sum.scaleA()).setFloat(ElementParam.SCALE_B_F32, sum.scaleB())
                    .setFloat(ElementParam.OFFSET_F32, sum.offset()).set(ElementParam.LOW, sum.low()).set(ElementParam.HIGH, sum.high());
            return KernelId.FLOAT_SUM_Q8;
        }
        QuantizedSum sum = QuantizedSum.of(a, b, y, difference, op.activation());
        params.set(ElementParam.MULTIPLIER_A, sum.multiplierA()).set(ElementParam.MULTIPLIER_B, sum.multiplierB())
                .set(ElementParam.BIAS, sum.bias()).set(ElementParam.SHIFT, sum.shift()).set(ElementParam.Y_ZERO, sum.zeroPoint())
                .set(ElementParam.LOW, sum.low()).set(ElementParam.HIGH, sum.high());
        return KernelId.SUM_Q8;
    }
}
