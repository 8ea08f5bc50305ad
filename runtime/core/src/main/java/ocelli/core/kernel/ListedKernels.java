package ocelli.core.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ocelli.core.graph.Op;

/**
 * Chooses among the kernels of one provider: the first of the operator's list that takes a request. Providers keep their
 * kernels in such a list so that a new kernel is one line.
 */
public final class ListedKernels {
    private final String provider;
    private final Map<Class<? extends Op>, List<KernelFactory>> kernels;

    /** @param kernels for each operator its kernels, best first */
    public ListedKernels(String provider, Map<Class<? extends Op>, List<KernelFactory>> kernels) {
        this.provider = provider;
        this.kernels = Map.copyOf(kernels);
    }

    /** See {@link KernelProvider#supports}. */
    public Support supports(KernelRequest request) {
        List<String> refusals = new ArrayList<>();
        for (KernelFactory factory : of(request)) {
            switch (factory.supports(request)) {
                case Support.Yes yes -> {
                    return yes;
                }
                case Support.No no -> refusals.add(no.reason());
            }
        }
        return Support.no(refusals.isEmpty() ? "no " + request.op().name() + " kernel" : String.join(", ", refusals));
    }

    /** See {@link KernelProvider#bind}. */
    public Kernel bind(KernelRequest request, KernelMemory memory) {
        for (KernelFactory factory : of(request)) {
            if (factory.supports(request).isYes()) {
                return factory.bind(request, memory);
            }
        }
        throw new IllegalArgumentException(provider + " was asked to bind " + request.op() + ", which it does not support");
    }

    private List<KernelFactory> of(KernelRequest request) {
        return kernels.getOrDefault(request.op().getClass(), List.of());
    }
}
