package ocelli.nativekernels;

import java.util.EnumSet;
import java.util.Set;

/**
 * The loaded library, or the reason why there is none.
 *
 * @param held   instruction sets that the library has, empty when it is not loaded
 * @param tiers  those of them that this machine can run
 * @param reason why the library is not loaded, empty when it is
 */
record NativeLibrary(Set<Tier> held, Set<Tier> tiers, String reason) {

    /** Loads the library; never throws, for without it Ocelli runs on other kernels. */
    static NativeLibrary load() {
        try {
            NativeCalls.load();
            EnumSet<Tier> held = EnumSet.noneOf(Tier.class);
            EnumSet<Tier> tiers = EnumSet.noneOf(Tier.class);
            int mask = NativeCalls.tiers();
            for (Tier tier : Tier.values()) {
                if (new TierKernels(tier).q8Packing().block() > 0) {
                    held.add(tier);
                }
                if ((mask >> tier.ordinal() & 1) != 0) {
                    tiers.add(tier);
                }
            }
            return new NativeLibrary(held, tiers, tiers.isEmpty() ? "this processor has none of " + held : "");
        } catch (LinkageError e) {
            return new NativeLibrary(Set.of(), Set.of(), "library not loaded: " + e.getMessage());
        }
    }
}
