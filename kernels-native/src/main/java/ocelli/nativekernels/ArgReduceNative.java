package ocelli.nativekernels;

import java.util.Optional;
import ocelli.core.graph.ArgReduce;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;

/** Index of the extreme element along a dimension. A tile is some strips of neighbouring lines. */
record ArgReduceNative(TierKernels tier) implements KernelFactory {
    /** Lines of a strip (ARG_STRIP in arg_reduce.h). */
    private static final int STRIP = 64;
    /** Elements that a tile reads at least. */
    private static final int TILE = 1 << 16;

    private enum Param { X, Y, MIDDLE, INNER, STRIPS, TYPE, LARGEST, LAST, WIDE }

    @Override
    public Support supports(KernelRequest r) {
        DType x = r.inputType(0).dtype();
        DType y = r.outputType().dtype();
        Optional<ElementType> type = ElementType.of(x).filter(t -> t != ElementType.BOOL && t != ElementType.INT64);
        return !r.isDense() ? Support.no("operands are not dense")
                : type.isPresent() && (y == DType.INT32 || y == DType.INT64) ? Support.yes("ArgReduceNative", tier.tier().label())
                : Support.no("no kernel for " + r.op().name() + " of " + x.label() + " as " + y.label());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        ArgReduce op = (ArgReduce) r.op();
        Shape x = r.inputType(0).shape();
        int axis = x.axis(op.axis());
        int middle = x.dim(axis);
        int inner = x.strides()[axis];
        int strips = (inner + STRIP - 1) / STRIP;
        int outer = x.elements() / (middle * inner);
        Params params = new Params(memory, Param.values()).set(Param.X, memory.input(0)).set(Param.Y, memory.output(0))
                .set(Param.MIDDLE, middle).set(Param.INNER, inner).set(Param.STRIPS, strips)
                .set(Param.TYPE, ElementType.of(r.inputType(0).dtype()).orElseThrow().ordinal()).set(Param.LARGEST, op.largest())
                .set(Param.LAST, op.last()).set(Param.WIDE, r.outputType().dtype() == DType.INT64);
        int all = outer * strips;
        return new NativeKernel(tier.function(KernelId.ARG_REDUCE), params.address(), all,
                Math.clamp((long) TILE / ((long) middle * Math.min(inner, STRIP)), 1, all));
    }
}
