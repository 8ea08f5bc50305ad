package ocelli.nativekernels;

import java.util.EnumSet;
import java.util.Set;

/**
 * The loaded library, or the reason why there is none.
 *
 * @param tiers  instruction sets that the library has and this machine can run, empty when it is not loaded
 * @param reason why the library is not loaded, empty when it is
 */
record NativeLibrary(Set<Tier> tiers, String reason) {

    /** Loads the library; never throws, for without it Ocelli runs on other kernels. */
    static NativeLibrary load() {
        try {
            NativeCalls.load();
            EnumSet<Tier> tiers = EnumSet.noneOf(Tier.class);
            int mask = NativeCalls.tiers();
            for (Tier tier : Tier.values()) {
                if ((mask >> tier.ordinal() & 1) != 0) {
                    tiers.add(tier);
                }
            }
            return new NativeLibrary(tiers, tiers.isEmpty() ? "this processor has none of " + EnumSet.allOf(Tier.class) : "");
        } catch (LinkageError e) {
            return new NativeLibrary(EnumSet.noneOf(Tier.class), "library not loaded: " + e.getMessage());
        }
    }
}
