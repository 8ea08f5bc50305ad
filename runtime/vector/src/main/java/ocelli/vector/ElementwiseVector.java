package ocelli.vector;

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
final class ElementwiseVector implements KernelFactory {
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
            case Binary _ when floats -> "BinaryF32Vector";
            case Binary _ when quantised && a.dtype() == y.dtype() -> "BinaryQ8Vector";
            case PRelu _ when floats -> "PReluF32Vector";
            case Unary u when floats && clamp(u) != null -> "ClampF32Vector";
            case Unary _ when quantised -> "TableQ8Vector";
            case Quantize _ when quantised -> "TableQ8Vector";
            default -> null;
        };
        if (name == null) {
            return Support.no("no kernel for " + r.op().name() + " of " + r.inputs().stream().map(i -> i.type().dtype().label()).toList()
                    + " to " + y.dtype().label());
        }
        if (r.hasInput(1) && period(a.shape(), r.inputType(1).shape(), y.shape()) == 0) {
            return Support.no("broadcast of " + r.inputType(1).shape() + " over " + a.shape());
        }
        return Support.yes(name, VectorProvider.TIER);
    }

    private static Activation clamp(Unary u) {
        return switch (u.kind()) {
            case RELU -> Activation.RELU;
            case RELU6 -> Activation.RELU6;
            case RELU_N1_TO_1 -> Activation.RELU_N1_TO_1;
            default -> null;
        };
    }

    /** After how many elements b starts again, or 0 when it does not simply repeat over a. */
    private static int period(Shape a, Shape b, Shape y) {
        if (!a.equals(y) || b.rank() > a.rank() && b.elements() != 1) {
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
        TensorType a = r.inputType(0);
        TensorType y = r.outputType();
        MemorySegment first = memory.input(0);
        MemorySegment out = memory.output(0);
        return switch (r.op()) {
            case Binary b -> {
                MemorySegment second = repeated(r, memory);
                yield a.dtype() == DType.FLOAT32 ? new FloatBinaryKernel(first, second, out, b.kind(), b.activation())
                        : quantised(r, b, first, second, out);
            }
            case PRelu _ -> new PReluKernel(first, repeated(r, memory), out);
            case Unary u when a.dtype() == DType.FLOAT32 -> new FloatBinaryKernel(first, memory.allocate(4), out, Binary.Kind.ADD, clamp(u));
            default -> {
                byte[] table = r.op() instanceof Unary u ? QuantTables.unary(a, y, u.kind()::apply) : QuantTables.requantize(a, y);
                yield new TableKernel(first, out, table);
            }
        };
    }

    /** The second operand in native memory, long enough that a vector from any element of its period on has its lanes. */
    private static MemorySegment repeated(KernelRequest r, KernelMemory memory) {
        MemorySegment b = memory.input(1);
        int period = period(r.inputType(0).shape(), r.inputType(1).shape(), r.outputType().shape());
        if (!r.input(1).isConstant()) {
            return b;
        }
        MemorySegment copy = memory.allocate((long) period * r.inputType(1).dtype().bytes());
        return copy.copyFrom(b.asSlice(0, copy.byteSize()));
    }

    private static Kernel quantised(KernelRequest r, Binary op, MemorySegment first, MemorySegment second, MemorySegment out) {
        TensorType a = r.inputType(0);
        TensorType b = r.inputType(1);
        TensorType y = r.outputType();
        boolean signed = a.dtype() == DType.INT8;
        if (op.kind() == Binary.Kind.MUL) {
            Requantizer rule = Requantizer.of(a.quant().scale() * b.quant().scale() / y.quant().scale(), y, op.activation());
            return new ProductKernel(first, second, out, signed, a.quant().zeroPoint(), b.quant().zeroPoint(), rule);
        }
        return new SumKernel(first, second, out, signed, QuantizedSum.of(a, b, y, op.kind() == Binary.Kind.SUB, op.activation()));
    }
}
