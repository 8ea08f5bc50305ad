package ocelli.nativekernels;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import ocelli.core.graph.Window;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.StridedLoops;
import ocelli.core.kernel.Tiling;
import ocelli.core.tensor.DType;

/** Parameters of one native kernel: int64 slots in memory that lives as long as the plan, written once at bind. */
final class Params {
    private final KernelMemory memory;
    private final MemorySegment slots;
    /** The same memory. */
    private final ByteBuffer values;

    Params(KernelMemory memory, Enum<?>[] layout) {
        this.memory = memory;
        this.slots = memory.allocate(8L * layout.length);
        this.values = buffer(slots);
    }

    /** For numbers one by one: this runs interpreted at every start, where a segment's way to set one costs five times as much. */
    static ByteBuffer buffer(MemorySegment segment) {
        return segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    long address() {
        return slots.address();
    }

    Params set(Enum<?> slot, long value) {
        values.putLong(8 * slot.ordinal(), value);
        return this;
    }

    Params set(Enum<?> slot, boolean value) {
        return set(slot, value ? 1 : 0);
    }

    /** The bits of a float in the lower half of a slot. */
    Params setFloat(Enum<?> slot, float value) {
        return set(slot, Float.floatToRawIntBits(value) & 0xffffffffL);
    }

    Params set(Enum<?> slot, MemorySegment segment) {
        return set(slot, nativeAddress(segment));
    }

    /** The address of a segment; a constant on the Java heap is copied, for it has none. */
    private long nativeAddress(MemorySegment segment) {
        if (segment.isNative()) {
            return segment.address();
        }
        MemorySegment copy = memory.allocate(Math.max(segment.byteSize(), 1));
        MemorySegment.copy(segment, 0, copy, 0, segment.byteSize());
        return copy.address();
    }

    /**
     * Loops over elements and their tiles. Operand 0 is a, the last is y, and one between them is b.
     *
     * @param unit by how much a distance in elements is larger as the kernel counts: 1, or the bytes of an element
     */
    Params setLoops(StridedLoops loops, Tiling tiling, int unit) {
        int y = loops.rowSteps().length - 1;
        int places = loops.places()[0].length;
        MemorySegment table = memory.allocate(24L * Math.max(places, 1));
        ByteBuffer rows = buffer(table);
        for (int i = 0; i < places; i++) {
            rows.putLong(unit * loops.places()[0][i]).putLong(y == 2 ? unit * loops.places()[1][i] : 0).putLong(unit * loops.places()[y][i]);
        }
        if (y == 2) {
            set(ElementParam.B_ROW, unit * loops.rowSteps()[1]).set(ElementParam.B_STEP, loops.runSteps()[1]);
        }
        return set(ElementParam.PLACES, table).set(ElementParam.ROWS, loops.rows()).set(ElementParam.ALL_ROWS, loops.allRows())
                .set(ElementParam.RUN, (long) unit * loops.run()).set(ElementParam.A_ROW, unit * loops.rowSteps()[0])
                .set(ElementParam.Y_ROW, unit * loops.rowSteps()[y]).set(ElementParam.A_STEP, loops.runSteps()[0])
                .set(ElementParam.PIECE, (long) unit * tiling.piece()).set(ElementParam.PIECES, tiling.pieces())
                .set(ElementParam.ROWS_PER_TILE, tiling.rowsPerTile());
    }

    /** The addresses of the threads' scratch memories, one after the other. */
    Params setScratch(int threads) {
        MemorySegment addresses = memory.allocate(8L * threads);
        ByteBuffer list = buffer(addresses);
        for (int t = 0; t < threads; t++) {
            list.putLong(memory.scratch(t).address());
        }
        return set(ConvParam.SCRATCH, addresses);
    }

    /**
     * Weights and biases as a native function packs them from the parameters that are set by now, one behind the other in memory
     * of the plan, and behind them an int32 about the weights (pair_of in conv_q8.h). How a window is cut into runs is part of
     * their layout.
     *
     * @param raw weights as packing reads them
     */
    Params pack(TierKernels tier, KernelId function, ConvTiling tiling, MemorySegment raw, long weightBytes, long biasBytes) {
        long biasAt = (weightBytes + 63) / 64 * 64;
        set(ConvParam.RAW_WEIGHTS, raw);
        MemorySegment packed = memory.packed(function.name() + " " + tiling.runs() + "x" + tiling.run(), biasAt + biasBytes + 4, m -> {
            setPacked(m, biasAt);
            NativeCalls.call(tier.function(function), address(), 0, 1, 0);
            // Packing may come later than this method's end, when nobody else keeps a copy of the weights.
            Reference.reachabilityFence(raw);
        });
        return setPacked(packed, biasAt);
    }

    private Params setPacked(MemorySegment packed, long biasAt) {
        return set(ConvParam.WEIGHTS, packed).set(ConvParam.BIAS, packed.asSlice(biasAt));
    }

    /** What convolutions and pools share. */
    Params setGeometry(ConvGeometry g) {
        g.activation().function().ifPresent(f -> set(ConvParam.FUNCTION, ElementwiseNative.kind(f))
                .setFloat(ConvParam.ALPHA_F32, f.alpha()).setFloat(ConvParam.BETA_F32, f.beta()));
        Window w = g.window();
        return set(ConvParam.X, memory.input(0)).set(ConvParam.Y, memory.output(0))
                .set(ConvParam.BATCH, g.batch()).set(ConvParam.IN_H, g.inH()).set(ConvParam.IN_W, g.inW()).set(ConvParam.IN_C, g.inC())
                .set(ConvParam.OUT_H, g.outH()).set(ConvParam.OUT_W, g.outW()).set(ConvParam.OUT_C, g.outC())
                .set(ConvParam.KERNEL_H, w.kernelH()).set(ConvParam.KERNEL_W, w.kernelW())
                .set(ConvParam.STRIDE_H, w.strideH()).set(ConvParam.STRIDE_W, w.strideW())
                .set(ConvParam.DILATION_H, w.dilationH()).set(ConvParam.DILATION_W, w.dilationW())
                .set(ConvParam.PAD_TOP, w.padTop()).set(ConvParam.PAD_LEFT, w.padLeft())
                .set(ConvParam.X_STRIDE, g.inPixelStride()).set(ConvParam.Y_STRIDE, g.outPixelStride())
                .setFloat(ConvParam.LOW_F32, g.activation().min()).setFloat(ConvParam.HIGH_F32, g.activation().max());
    }

    static boolean signed(DType t) {
        return t == DType.INT8;
    }
}
