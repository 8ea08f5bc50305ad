package ocelli.vector;

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

/** Every operator that only moves elements from places known beforehand. */
final class MovementVector implements KernelFactory {
    /** Bytes of a tile. */
    private static final int TILE_BYTES = 1 << 17;
    /** Elements of a row that are moved one by one: so many columns of a transposed matrix stay in the cache. */
    private static final int COLUMNS = 1 << 10;

    @Override
    public Support supports(KernelRequest r) {
        Optional<String> refusal = Movement.refusal(r);
        return refusal.isPresent() ? Support.no(refusal.get()) : Support.yes("MovementVector", Lanes.TIER);
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

    private static Kernel kernel(Movement part, int bytes, KernelMemory memory) {
        Tiling tiling = Tiling.of(part.loops(), TILE_BYTES / bytes, part.isCopy() ? TILE_BYTES / bytes : COLUMNS);
        long y = memory.output(part.output()).address();
        if (part.fill() != null) {
            MemorySegment row = memory.allocate((long) tiling.piece() * bytes);
            for (int i = 0; i < tiling.piece(); i++) {
                MemorySegment.copy(MemorySegment.ofArray(part.fill()), 0, row, (long) i * bytes, bytes);
            }
            return new CopyKernel(part.loops(), tiling, row.address(), y, bytes);
        }
        long x = Lanes.address(memory.input(part.input()), memory);
        return !part.isCopy() ? new StridedKernel(part.loops(), tiling, x, y, bytes, part.table())
                : part.table() != null ? new TableKernel(part.loops(), tiling, x, y, part.table())
                : new CopyKernel(part.loops(), tiling, x, y, bytes);
    }
}
