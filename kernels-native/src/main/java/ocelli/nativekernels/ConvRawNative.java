package ocelli.nativekernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.graph.Activation;
import ocelli.core.graph.MatMulInteger;
import ocelli.core.graph.Window;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Operand;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;

/**
 * Ungrouped convolutions and matrix products of raw integers with constant weights of one zero point, as int32. The zero point
 * of the first operand is read when the kernel runs.
 */
record ConvRawNative(TierKernels tier) implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        if (r.op() instanceof MatMulInteger && (!r.isDense() || r.inputType(1).shape().rank() != 2)) {
            return Support.no("second matrix is " + r.inputType(1).shape() + ", wanted one for all and dense operands");
        }
        ConvGeometry g = geometry(r);
        if (g.groups() != 1) {
            return Support.no("convolution has " + g.groups() + " groups");
        }
        if (!r.input(1).isConstant() || !r.input(3).isConstant() || zeroPoint(r.input(3), 0) != sameZeroPoint(r.input(3))) {
            return Support.no("weights or their zero point are not constant, or differ by channel");
        }
        if (r.inputType(2).shape().elements() != 1 || r.outputType().dtype() != DType.INT32) {
            return Support.no("zero point is " + r.inputType(2) + ", output is " + r.outputType());
        }
        return Support.yes("ConvRawNative", tier.tier().label(),
                biasBytes(g) + ConvTiling.of(g, tier.q8Packing(), r.threads()).scratchBytes(g, tier.q8Packing()));
    }

    private static ConvGeometry geometry(KernelRequest r) {
        if (r.op() instanceof MatMulInteger) {
            Shape b = r.inputType(1).shape();
            int m = r.inputType(0).shape().elements() / Math.max(b.dim(0), 1);
            return new ConvGeometry(1, m, 1, b.dim(0), m, 1, b.dim(1), Window.pointwise(), 1, Activation.NONE, b.dim(0), b.dim(1));
        }
        return ConvGeometry.of(r);
    }

    private static int zeroPoint(Operand constant, int i) {
        byte b = constant.constant().get(ValueLayout.JAVA_BYTE, i);
        return Params.signed(constant.type().dtype()) ? b : b & 0xff;
    }

    /** The zero point that all have, or one that no byte is. */
    private static int sameZeroPoint(Operand constant) {
        for (int i = 1; i < constant.type().shape().elements(); i++) {
            if (zeroPoint(constant, i) != zeroPoint(constant, 0)) {
                return Integer.MIN_VALUE;
            }
        }
        return zeroPoint(constant, 0);
    }

    /** As conv_bytes in conv_q8.h takes them from the scratch memory. */
    private long biasBytes(ConvGeometry g) {
        return (g.outC() + tier.q8Packing().block()) * 4L / 64 * 64 + 64;
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        ConvGeometry g = geometry(r);
        Packing packing = tier.q8Packing();
        ConvTiling tiling = ConvTiling.of(g, packing, r.threads());
        long channels = (long) packing.blocks(g.outC()) * packing.block();
        Params params = new Params(memory, ConvParam.values()).setGeometry(g)
                .setScratch(r.threads())
                .set(ConvParam.X_SIGNED, Params.signed(r.inputType(0).dtype())).set(ConvParam.X_ZERO_AT, memory.input(2))
                .set(ConvParam.W_SIGNED, Params.signed(r.inputType(1).dtype())).set(ConvParam.W_ZERO, zeroPoint(r.input(3), 0));
        tiling.write(params);
        MemorySegment weights = r.op() instanceof MatMulInteger ? transposed(memory.input(1), g) : memory.input(1);
        params.pack(tier, KernelId.PACK_CONV_RAW, tiling, weights, packing.weightBytes(tiling, g.outC()), channels * 4);
        return new NativeKernel(tier.function(KernelId.CONV_RAW), params.address(), tiling.tiles());
    }

    /** [K,N] as the [N,K] that packing reads. */
    private static MemorySegment transposed(MemorySegment b, ConvGeometry g) {
        MemorySegment t = Arena.ofAuto().allocate(Math.max(b.byteSize(), 1));
        for (long k = 0; k < g.inC(); k++) {
            for (long n = 0; n < g.outC(); n++) {
                t.set(ValueLayout.JAVA_BYTE, n * g.inC() + k, b.get(ValueLayout.JAVA_BYTE, k * g.outC() + n));
            }
        }
        return t;
    }
}
