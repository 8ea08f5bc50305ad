package ocelli.jmh;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.run.SessionOptions;
import ocelli.nativekernels.NativeProvider;
import ocelli.nativekernels.Tier;

/** Kernels by the name that a benchmark is given: a kind, or one instruction set of the native kind. */
final class KernelChoice {
    private KernelChoice() {
    }

    /** @param name {@code native}, {@code vector}, {@code reference}, or a {@link Tier}'s label such as {@code avx2} */
    static SessionOptions options(String name) {
        return tier(name).map(t -> new SessionOptions(List.of(new NativeProvider(t)), 1, Optional.empty()))
                .orElseGet(() -> SessionOptions.defaults().withProviders(List.of(name)));
    }

    /** The kernels of that name alone. */
    static KernelProvider provider(String name) {
        return options(name).providers().getFirst();
    }

    /** The instruction set of that label. */
    static Optional<Tier> tier(String label) {
        return Arrays.stream(Tier.values()).filter(t -> t.label().equals(label)).findFirst();
    }
}
