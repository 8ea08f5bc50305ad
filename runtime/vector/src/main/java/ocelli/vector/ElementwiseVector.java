package ocelli.vector;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;
import ocelli.core.graph.Binary;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Unary;
import ocelli.core.kernel.FloatSum;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Operand;
import ocelli.core.kernel.QuantTables;
import ocelli.core.kernel.QuantizedProduct;
import ocelli.core.kernel.QuantizedSum;
import ocelli.core.kernel.StridedLoops;
import ocelli.core.kernel.Support;
import ocelli.core.kernel.Tiling;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** Functions of one tensor, and sums, products and their kin of two that are stretched to each other; views as well. */
final class ElementwiseVector implements KernelFactory {
    /** Elements of a tile: about 10 µs of work, so that waking a thread pays. */
    static final int TILE = 1 << 15;
    /** Functions take longer for an element. */
    private static final int FUNCTION_TILE = 1 << 13;
    private static final Set<Binary.Kind> BINARIES = EnumSet.of(Binary.Kind.ADD, Binary.Kind.SUB, Binary.Kind.MUL, Binary.Kind.DIV,
            Binary.Kind.MIN, Binary.Kind.MAX);

    @Override
    public Support supports(KernelRequest r) {
        TensorType a = r.inputType(0);
        TensorType y = r.outputType();
        boolean floats = r.inputs().stream().allMatch(i -> i.type().dtype() == DType.FLOAT32) && y.dtype() == DType.FLOAT32;
        boolean quantised = r.inputs().stream().allMatch(i -> i.type().isQuantized8() && i.type().dtype() == a.dtype()) && y.isQuantized8();
        if (r.op() instanceof Unary u && floats && FunctionRow.KINDS.contains(u.kind())) {
            return Support.yes("UnaryF32Vector", Lanes.TIER, FunctionRow.SCRATCH_BYTES);
        }
        String name = switch (r.op()) {
            case Binary b when floats && BINARIES.contains(b.kind()) -> "BinaryF32Vector";
            case Binary b when quantised && b.kind().isSumOrProduct() && a.dtype() == y.dtype() -> "BinaryQ8Vector";
            case PRelu _ when floats -> "PReluF32Vector";
            case Unary u when floats && u.clamp().isPresent() -> "ClampF32Vector";
            case Unary _ when quantised -> "TableQ8Vector";
            default -> null;
        };
        return name != null ? Support.yes(name, Lanes.TIER) : Support.no("no kernel for " + r.op().name() + " of "
                + r.inputs().stream().map(i -> i.type().dtype().label()).toList() + " to " + y.dtype().label());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        long x = Lanes.address(memory.input(0), memory);
        long y = memory.output(0).address();
        if (r.op() instanceof Unary u) {
            return unary(r, u, x, y, memory);
        }
        StridedLoops loops = StridedLoops.broadcast(r.output(), r.input(0), r.input(1));
        Tiling tiling = Tiling.of(loops, TILE, TILE);
        long second = Lanes.address(memory.input(1), memory);
        return switch (r.op()) {
            case Binary b when r.inputType(0).dtype() == DType.FLOAT32 ->
                    new FloatBinaryKernel(loops, tiling, x, second, y, b.kind(), b.activation());
            case Binary b -> quantised(r, b, loops, tiling, x, second, y);
            default -> new PReluKernel(loops, tiling, x, second, y);
        };
    }

    private static Kernel unary(KernelRequest r, Unary u, long x, long y, KernelMemory memory) {
        if (r.inputType(0).dtype() != DType.FLOAT32) {
            StridedLoops loops = StridedLoops.broadcast(r.output(), r.input(0));
            return new TableKernel(loops, Tiling.of(loops, TILE, TILE), x, y, QuantTables.unary(r.inputType(0), r.outputType(), u::apply));
        }
        if (u.clamp().isPresent()) {
            // A sum with a zero, and a clamp.
            StridedLoops loops = StridedLoops.broadcast(r.output(), r.input(0), Operand.activation(TensorType.of(DType.FLOAT32)));
            return new FloatBinaryKernel(loops, Tiling.of(loops, TILE, TILE), x, memory.allocate(Float.BYTES).address(), y, Binary.Kind.ADD,
                    u.clamp().get());
        }
        StridedLoops loops = StridedLoops.broadcast(r.output(), r.input(0));
        return new FunctionKernel(loops, Tiling.of(loops, FUNCTION_TILE, FUNCTION_TILE), x, y, u,
                IntStream.range(0, r.threads()).mapToLong(t -> memory.scratch(t).address()).toArray());
    }

    private static Kernel quantised(KernelRequest r, Binary op, StridedLoops loops, Tiling tiling, long first, long second, long out) {
        TensorType a = r.inputType(0);
        TensorType b = r.inputType(1);
        TensorType y = r.outputType();
        boolean signed = a.dtype() == DType.INT8;
        if (op.kind() == Binary.Kind.MUL) {
            return new ProductKernel(loops, tiling, first, second, out, signed, QuantizedProduct.of(a, b, y, op));
        }
        boolean difference = op.kind() == Binary.Kind.SUB;
        return op.rounding() == Binary.Rounding.FLOAT
                ? new FloatSumKernel(loops, tiling, first, second, out, signed, FloatSum.of(a, b, y, difference, op.activation()))
                : new SumKernel(loops, tiling, first, second, out, signed, QuantizedSum.of(a, b, y, difference, op.activation()));
    }
}
