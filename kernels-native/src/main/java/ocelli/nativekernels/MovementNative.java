package ocelli.nativekernels;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ocelli.core.kernel.JoinedKernel;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Movement;
import ocelli.core.kernel.Support;
import ocelli.core.kernel.Tiling;

/** Every operator that only moves elements from places known beforehand, in strides of bytes or element by element. */
record MovementNative(TierKernels tier) implements KernelFactory {
    /** Bytes of a tile. */
    private static final int TILE_BYTES = 1 << 17;
    /** Elements of a row that are moved one by one: so many columns of a transposed matrix stay in the cache. */
    private static final int COLUMNS = 1 << 10;

    @Override
    public Support supports(KernelRequest r) {
        Optional<String> refusal = Movement.refusal(r);
        return refusal.isPresent() ? Support.no(refusal.get()) : Support.yes("MovementNative", tier.tier().label());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        List<Movement> parts = Movement.of(r);
        int bytes = r.outputType().dtype().bytes();
        List<Kernel> kernels = new ArrayList<>();
        for (Movement part : parts) {
            if (part.loops().elements() > 0) {
                kernels.add(kernel(part, bytes, memory));
            }
        }
        return new JoinedKernel(kernels, Movement.elements(parts) * bytes <= TILE_BYTES);
    }

    private Kernel kernel(Movement part, int bytes, KernelMemory memory) {
        Tiling tiling = Tiling.of(part.loops(), TILE_BYTES / bytes, part.isCopy() ? TILE_BYTES / bytes : COLUMNS);
        Params params = new Params(memory, ElementParam.values()).setLoops(part.loops(), tiling, part.isCopy() ? bytes : 1)
                .set(ElementParam.KIND, bytes).set(ElementParam.Y, memory.output(part.output()));
        if (part.fill() != null) {
            MemorySegment row = memory.allocate((long) tiling.piece() * bytes);
            for (int i = 0; i < tiling.piece(); i++) {
                MemorySegment.copy(MemorySegment.ofArray(part.fill()), 0, row, (long) i * bytes, bytes);
            }
            params.set(ElementParam.A, row).set(ElementParam.A_STEP, 0);
        } else {
            params.set(ElementParam.A, memory.input(part.input()));
        }
        if (part.table() != null) {
            params.set(ElementParam.TABLE, memory.allocate(256).copyFrom(MemorySegment.ofArray(part.table())));
        }
        return new NativeKernel(tier.function(part.isCopy() ? KernelId.MOVE_BYTES : KernelId.MOVE_ELEMENTS), params.address(),
                tiling.tiles());
    }
}
