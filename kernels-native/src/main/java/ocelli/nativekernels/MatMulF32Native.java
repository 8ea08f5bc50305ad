package ocelli.nativekernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.MatrixPlaces;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;

/** Products of float32 matrices, any of them known only when the model runs. A tile is some rows of one matrix of the result. */
record MatMulF32Native(TierKernels tier) implements KernelFactory {
    /** Multiply-adds of a tile: about 10 µs of work, so that waking a thread pays. */
    private static final long TILE = 1 << 19;
    /** Rows that the kernel does together (MATMUL_ROWS in matmul.h). */
    private static final int ROWS = 4;

    private enum Param { A, B, Y, PLACES, M, K, N, ROWS_PER_TILE, TILES_PER_MATRIX }

    @Override
    public Support supports(KernelRequest r) {
        boolean floats = r.inputs().stream().allMatch(i -> i.type().dtype() == DType.FLOAT32) && r.outputType().dtype() == DType.FLOAT32;
        return !r.isDense() ? Support.no("operands are not dense")
                : floats ? Support.yes("MatMulF32Native", tier.tier().label()) : Support.no("operands are not all float32");
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        MatrixPlaces places = MatrixPlaces.of(r);
        int rows = Math.clamp(TILE / Math.max(1, (long) places.k() * places.n()) / ROWS * ROWS, ROWS, Math.max(places.m(), ROWS));
        int perMatrix = Math.max(1, (places.m() + rows - 1) / rows);
        MemorySegment table = memory.allocate(16L * Math.max(places.a().length, 1));
        for (int i = 0; i < places.a().length; i++) {
            table.setAtIndex(ValueLayout.JAVA_LONG, 2L * i, places.a()[i]);
            table.setAtIndex(ValueLayout.JAVA_LONG, 2L * i + 1, places.b()[i]);
        }
        Params params = new Params(memory, Param.values()).set(Param.A, memory.input(0)).set(Param.B, memory.input(1))
                .set(Param.Y, memory.output(0)).set(Param.PLACES, table)
                .set(Param.M, places.m()).set(Param.K, places.k()).set(Param.N, places.n())
                .set(Param.ROWS_PER_TILE, rows).set(Param.TILES_PER_MATRIX, perMatrix);
        return new NativeKernel(tier.function(KernelId.MATMUL_F32), params.address(), Math.max(1, perMatrix * places.a().length));
    }
}
