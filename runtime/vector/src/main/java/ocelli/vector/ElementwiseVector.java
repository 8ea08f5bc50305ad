package ocelli.vector;

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
            case Binary b when floats && b.kind().isSumOrProduct() -> "BinaryF32Vector";
            case Binary b when quantised && b.kind().isSumOrProduct() && a.dtype() == y.dtype() -> "BinaryQ8Vector";
            case PRelu _ when floats -> "PReluF32Vector";
            case Unary u when floats && u.clamp().isPresent() -> "ClampF32Vector";
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
        int count = y.shape().elements();
        int period = r.hasInput(1) ? Math.max(1, period(a.shape(), r.inputType(1).shape(), y.shape())) : 1;
        long first = Lanes.address(memory.input(0), memory);
        long second = Lanes.address(r.hasInput(1) ? memory.input(1) : memory.allocate(Float.BYTES), memory);
        long out = memory.output(0).address();
        boolean floats = a.dtype() == DType.FLOAT32;
        return switch (r.op()) {
            case Binary b when floats -> new FloatBinaryKernel(count, period, first, second, out, b.kind(), b.activation());
            case Binary b -> quantised(r, b, period, first, second, out);
            case PRelu _ -> new PReluKernel(count, period, first, second, out);
            // A sum with the zero that the second operand holds, and a clamp.
            case Unary u when floats -> new FloatBinaryKernel(count, 1, first, second, out, Binary.Kind.ADD, u.clamp().orElseThrow());
            default -> new TableKernel(count, first, out, r.op() instanceof Unary u ? QuantTables.unary(a, y, u::apply)
                    : QuantTables.requantize(a, y));
        };
    }

    private static Kernel quantised(KernelRequest r, Binary op, int period, long first, long second, long out) {
        TensorType a = r.inputType(0);
        TensorType b = r.inputType(1);
        TensorType y = r.outputType();
        int count = y.shape().elements();
        boolean signed = a.dtype() == DType.INT8;
        if (op.kind() == Binary.Kind.MUL) {
            Requantizer rule = Requantizer.of(a.quant().scale() * b.quant().scale() / y.quant().scale(), y, op.activation());
            return new ProductKernel(count, period, first, second, out, signed, a.quant().zeroPoint(), b.quant().zeroPoint(), rule);
        }
        return new SumKernel(count, period, first, second, out, signed,
                QuantizedSum.of(a, b, y, op.kind() == Binary.Kind.SUB, op.activation()));
    }
}
