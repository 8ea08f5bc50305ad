package ocelli.nativekernels;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Unary;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.QuantTables;
import ocelli.core.kernel.QuantizedSum;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Sums, products, PReLU, clamps and table look-ups. The second operand has the first one's shape, or repeats over it: a
 * single number, or the first one's last dimensions.
 */
record ElementwiseNative(TierKernels tier) implements KernelFactory {
    /** Elements of a tile: about 10 µs of work, so that waking a thread pays. */
    private static final int CHUNK = 1 << 16;

    @Override
    public Support supports(KernelRequest r) {
        if (!r.isDense()) {
            return Support.no("operands are not dense");
        }
        TensorType a = r.inputType(0);
        TensorType y = r.outputType();
        boolean floats = r.inputs().stream().allMatch(i -> i.type().dtype() == DType.FLOAT32) && y.dtype() == DType.FLOAT32;
        boolean quantised = r.inputs().stream().allMatch(i -> i.type().isQuantized8() && i.type().dtype() == a.dtype()) && y.isQuantized8();
        String name = switch (r.op()) {
            case Binary b when floats && b.kind().isSumOrProduct() -> "BinaryF32Native";
            case Binary b when quantised && b.kind().isSumOrProduct() && a.dtype() == y.dtype() -> "BinaryQ8Native";
            case PRelu _ when floats -> "PReluF32Native";
            case Unary u when floats && u.clamp().isPresent() -> "ClampF32Native";
            case Unary _ when quantised -> "TableQ8Native";
            case Quantize _ when quantised -> "TableQ8Native";
            default -> null;
        };
        if (name == null) {
            return Support.no("no kernel for " + r.op().name() + " of "
                    + r.inputs().stream().map(i -> i.type().dtype().label()).toList() + " to " + y.dtype().label());
        }
        if (r.hasInput(1) && period(a.shape(), r.inputType(1).shape(), y.shape()) == 0) {
            return Support.no("broadcast of " + r.inputType(1).shape() + " over " + a.shape());
        }
        return Support.yes(name, tier.tier().label());
    }

    /** After how many elements b starts again, or 0 when it does not simply repeat over a. */
    static int period(Shape a, Shape b, Shape y) {
        if (!a.equals(y)) {
            return 0;
        }
        int period = 1;
        boolean ended = false;
        for (int i = 1; i <= a.rank(); i++) {
            int d = i <= b.rank() ? b.dim(-i) : 1;
            if (d == a.dim(-i) && !ended) {
                period *= d;
            } else if (d == 1) {
                ended = true;
            } else {
                return 0;
            }
        }
        return period;
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        TensorType y = r.outputType();
        int count = y.shape().elements();
        Params params = new Params(memory, ElementParam.values()).set(ElementParam.A, memory.input(0)).set(ElementParam.Y, memory.output(0))
                .set(ElementParam.COUNT, count).set(ElementParam.CHUNK, CHUNK);
        if (r.hasInput(1)) {
            params.set(ElementParam.B, memory.input(1))
                    .set(ElementParam.B_PERIOD, Math.max(1, period(r.inputType(0).shape(), r.inputType(1).shape(), y.shape())));
        }
        int tiles = Math.max(1, (count + CHUNK - 1) / CHUNK);
        return new NativeKernel(tier.function(prepare(r, memory, params)), params.address(), tiles);
    }

    private static KernelId prepare(KernelRequest r, KernelMemory memory, Params params) {
        boolean floats = r.inputType(0).dtype() == DType.FLOAT32;
        return switch (r.op()) {
            case Binary b when floats -> {
                clamp(params, b.activation());
                params.set(ElementParam.KIND, b.kind().ordinal());
                yield KernelId.BINARY_F32;
            }
            case Binary b -> quantisedBinary(r, b, params);
            case PRelu _ -> KernelId.PRELU_F32;
            case Unary u when floats -> {
                clamp(params, u.clamp().orElseThrow());
                yield KernelId.CLAMP_F32;
            }
            default -> {
                byte[] table = r.op() instanceof Unary u ? QuantTables.unary(r.inputType(0), r.outputType(), u::apply)
                        : QuantTables.requantize(r.inputType(0), r.outputType());
                params.set(ElementParam.TABLE, memory.allocate(256).copyFrom(MemorySegment.ofArray(table)));
                yield KernelId.TABLE_Q8;
            }
        };
    }

    private static void clamp(Params params, Activation a) {
        params.setFloat(ElementParam.LOW_F32, a.min()).setFloat(ElementParam.HIGH_F32, a.max());
    }

    private static KernelId quantisedBinary(KernelRequest r, Binary op, Params params) {
        TensorType a = r.inputType(0);
        TensorType b = r.inputType(1);
        TensorType y = r.outputType();
        params.set(ElementParam.A_SIGNED, Params.signed(a.dtype())).set(ElementParam.B_SIGNED, Params.signed(b.dtype()))
                .set(ElementParam.A_ZERO, a.quant().zeroPoint()).set(ElementParam.B_ZERO, b.quant().zeroPoint());
        if (op.kind() == Binary.Kind.MUL) {
            Requantizer rule = Requantizer.of(a.quant().scale() * b.quant().scale() / y.quant().scale(), y, op.activation());
            params.setFloat(ElementParam.SCALE_F32, rule.scale(0)).set(ElementParam.Y_ZERO, rule.zeroPoint())
                    .set(ElementParam.LOW, (long) rule.low()).set(ElementParam.HIGH, (long) rule.high());
            return KernelId.MUL_Q8;
        }
        QuantizedSum sum = QuantizedSum.of(a, b, y, op.kind() == Binary.Kind.SUB, op.activation());
        params.set(ElementParam.MULTIPLIER_A, sum.multiplierA()).set(ElementParam.MULTIPLIER_B, sum.multiplierB())
                .set(ElementParam.BIAS, sum.bias()).set(ElementParam.SHIFT, sum.shift()).set(ElementParam.Y_ZERO, sum.zeroPoint())
                .set(ElementParam.LOW, sum.low()).set(ElementParam.HIGH, sum.high());
        return KernelId.SUM_Q8;
    }
}
