package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/**
 * float32 to uint8 by the tensor's own range, in float32: {@code scale = (max − min) / 255}, 1 where that is 0;
 * {@code zero point = roundHalfEven(clamp(−min / scale))}; and each element as {@link QuantizeReference} does it. Elements that are
 * not numbers do not count for the range.
 */
final class DynamicQuantizeReference implements KernelFactory {
    private static final int LEVELS = 255;

    @Override
    public Support supports(KernelRequest r) {
        boolean fits = r.outputType().dtype() == DType.UINT8 && r.outputs().get(1).type().dtype() == DType.FLOAT32
                && r.outputs().get(2).type().dtype() == DType.UINT8;
        return !r.isDense() ? Support.no("operands are not dense") : fits ? Support.yes("DynamicQuantizeReference", "java")
                : Support.no("outputs are " + r.outputs().stream().map(o -> o.type().toString()).toList());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        MemorySegment x = memory.input(0);
        MemorySegment y = memory.output(0);
        MemorySegment scaleOut = memory.output(1);
        MemorySegment zeroPointOut = memory.output(2);
        int n = r.inputType(0).shape().elements();
        return new ElementKernel(1, _ -> {
            float least = 0;
            float most = 0;
            for (int i = 0; i < n; i++) {
                float v = Memory.f32(x, i);
                least = v < least ? v : least;
                most = v > most ? v : most;
            }
            float range = (most - least) / LEVELS;
            float scale = range == 0 ? 1 : range;
            int zeroPoint = (int) Math.rint(Math.clamp(-least / scale, 0f, (float) LEVELS));
            for (int i = 0; i < n; i++) {
                Memory.q8(y, i, QuantizeReference.quantize(Memory.f32(x, i), scale, zeroPoint, DType.UINT8));
            }
            Memory.f32(scaleOut, 0, scale);
            Memory.q8(zeroPointOut, 0, zeroPoint);
        });
    }
}
