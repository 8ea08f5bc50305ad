package ocelli.nativekernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The machine's own limit of one thread for a tier's multiply-accumulate instruction: independent chains on registers, no
 * memory. What kernels reach is a share of it. Not for use by several threads at a time.
 */
public final class PeakLoop implements AutoCloseable {
    /** Instructions of a round, as in peak.h. */
    private static final int CHAINS = 12;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment slots = arena.allocate(16, 8);
    private final long function;
    private final long macsPerRound;

    /**
     * @param int8 8-bit products, else float32
     * @throws IllegalArgumentException when this machine cannot run the tier
     */
    public PeakLoop(Tier tier, boolean int8) {
        if (!NativeProvider.tiers().contains(tier)) {
            throw new IllegalArgumentException("tier " + tier.label() + ", wanted one of " + NativeProvider.tiers());
        }
        function = new TierKernels(tier).function(int8 ? KernelId.PEAK_INT8 : KernelId.PEAK_F32);
        macsPerRound = CHAINS * switch (tier) {
            case AVX2 -> int8 ? 16 : 8;
            case AVXVNNI -> int8 ? 32 : 8;
            case AVX512VNNI -> int8 ? 64 : 16;
            case NEON -> int8 ? 8 : 4;
            case NEONDOT -> int8 ? 16 : 4;
            case I8MM -> int8 ? 32 : 4;
        };
    }

    /** Runs the loop. @return multiply-accumulates done */
    public long run(long rounds) {
        slots.setAtIndex(ValueLayout.JAVA_LONG, 0, rounds);
        NativeCalls.call(function, slots.address(), 0, 1, 0);
        return rounds * macsPerRound;
    }

    @Override
    public void close() {
        arena.close();
    }
}
