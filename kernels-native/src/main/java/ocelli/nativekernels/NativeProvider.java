package ocelli.nativekernels;

import java.util.List;
import java.util.Map;
import java.util.Set;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Unary;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.ListedKernels;
import ocelli.core.kernel.Support;

/**
 * Kernels in C++ for one instruction set, chosen at run time by what the processor has and never assumed. Without a library
 * for this machine the provider is not available and says why.
 */
public final class NativeProvider implements KernelProvider {
    private final Availability availability;
    private final ListedKernels kernels;

    /** The best instruction set of this machine. */
    public NativeProvider() {
        this(NativeLibrary.load(), null);
    }

    /** A given instruction set, so that each can be tested on a machine that has several. */
    public NativeProvider(Tier tier) {
        this(NativeLibrary.load(), tier);
    }

    private NativeProvider(NativeLibrary library, Tier asked) {
        Tier tier = asked != null ? asked : best(library.tiers());
        if (tier == null || !library.tiers().contains(tier)) {
            String reason = !library.reason().isEmpty() ? library.reason() : asked.label() + " is none of " + library.tiers();
            availability = new Availability(false, reason);
            kernels = new ListedKernels("native", Map.of());
        } else {
            availability = new Availability(true, tier.label());
            kernels = kernels(new TierKernels(tier));
        }
    }

    private static ListedKernels kernels(TierKernels tier) {
        ElementwiseNative elementwise = new ElementwiseNative(tier);
        return new ListedKernels("native", Map.of(
                Conv2d.class, List.of(new Conv2dQ8Native(tier), new Conv2dF32Native(tier)),
                FullyConnected.class, List.of(new Conv2dQ8Native(tier), new Conv2dF32Native(tier)),
                DepthwiseConv2d.class, List.of(new DepthwiseConv2dNative(tier)),
                Pool2d.class, List.of(new PoolNative(tier)),
                Binary.class, List.of(elementwise),
                PRelu.class, List.of(elementwise),
                Unary.class, List.of(elementwise),
                Quantize.class, List.of(elementwise)));
    }

    /** Later tiers of one architecture are faster. */
    private static Tier best(Set<Tier> tiers) {
        return tiers.stream().max(Enum::compareTo).orElse(null);
    }

    /** The instruction sets that the library has and this machine can run; empty without a library. */
    public static Set<Tier> tiers() {
        return NativeLibrary.load().tiers();
    }

    @Override
    public String name() {
        return "native";
    }

    @Override
    public Availability availability() {
        return availability;
    }

    @Override
    public Support supports(KernelRequest request) {
        return kernels.supports(request);
    }

    @Override
    public Kernel bind(KernelRequest request, KernelMemory memory) {
        return kernels.bind(request, memory);
    }
}
