package ocelli.nativekernels;

import java.util.List;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Reduce;
import ocelli.core.kernel.JoinedKernel;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Reduction;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** Mean, sum, least and largest over neighbouring dimensions of float32, and the mean of 8-bit. */
record ReduceNative(TierKernels tier) implements KernelFactory {
    /** Inner elements of a tile (REDUCE_STRIP in reduce.h). */
    private static final int STRIP = 64;
    /** Elements that a tile reads when there is one inner element. */
    private static final int TILE = 1 << 14;
    /** In the order of {@code ReduceKind} in kernels.h. */
    private static final List<Reduce.Kind> KINDS = List.of(Reduce.Kind.MEAN, Reduce.Kind.SUM, Reduce.Kind.MIN, Reduce.Kind.MAX);

    private enum Param {
        X, Y, OUTER, MIDDLE, INNER, OUTER_STEP, MIDDLE_STEP, STRIPS, OUTERS_PER_TILE, KIND, X_SIGNED, X_ZERO, SCALE_F32, LOW, HIGH, Y_ZERO
    }

    @Override
    public Support supports(KernelRequest r) {
        TensorType x = r.inputType(0);
        TensorType y = r.outputType();
        Reduce.Kind kind = ((Reduce) r.op()).kind();
        boolean floats = x.dtype() == DType.FLOAT32 && y.dtype() == DType.FLOAT32 && KINDS.contains(kind);
        boolean quantised = x.isQuantized8() && y.isQuantized8() && kind == Reduce.Kind.MEAN;
        return !floats && !quantised ? Support.no("no kernel for " + r.op().name() + " of " + x.dtype().label()
                + " to " + y.dtype().label())
                : Reduction.of(r).isEmpty()
                        ? Support.no("dimensions " + ((Reduce) r.op()).axes() + " of " + x.shape() + " are not neighbours")
                : Support.yes(floats ? "ReduceF32Native" : "MeanQ8Native", tier.tier().label());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Reduction n = Reduction.of(r).orElseThrow();
        TensorType x = r.inputType(0);
        int strips = (n.inner() + STRIP - 1) / STRIP;
        int outers = n.inner() == 1 ? Math.clamp(TILE / n.middle(), 1, n.outer()) : 1;
        Params params = new Params(memory, Param.values()).set(Param.X, memory.input(0)).set(Param.Y, memory.output(0))
                .set(Param.OUTER, n.outer()).set(Param.MIDDLE, n.middle()).set(Param.INNER, n.inner())
                .set(Param.OUTER_STEP, n.outerStep()).set(Param.MIDDLE_STEP, n.middleStep())
                .set(Param.STRIPS, strips).set(Param.OUTERS_PER_TILE, outers).set(Param.KIND, KINDS.indexOf(((Reduce) r.op()).kind()));
        boolean floats = x.dtype() == DType.FLOAT32;
        if (!floats) {
            Requantizer rule = Requantizer.of(x.quant().scale() / (r.outputType().quant().scale() * n.middle()), r.outputType(),
                    Activation.NONE);
            params.set(Param.X_SIGNED, Params.signed(x.dtype())).set(Param.X_ZERO, x.quant().zeroPoint())
                    .setFloat(Param.SCALE_F32, rule.scale(0)).set(Param.LOW, (long) rule.low()).set(Param.HIGH, (long) rule.high())
                    .set(Param.Y_ZERO, rule.zeroPoint());
        }
        Kernel kernel = new NativeKernel(tier.function(floats ? KernelId.REDUCE_F32 : KernelId.MEAN_Q8), params.address(),
                (n.outer() + outers - 1) / outers * strips);
        return new JoinedKernel(List.of(kernel), x.shape().elements() <= ElementwiseNative.TILE);
    }
}
