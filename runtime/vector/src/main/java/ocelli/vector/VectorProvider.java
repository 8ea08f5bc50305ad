package ocelli.vector;

import java.util.List;
import java.util.Map;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Unary;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.ListedKernels;
import ocelli.core.kernel.Support;

/**
 * Kernels on the JDK's Vector API: as fast as Java gets, on every processor that the JVM knows, with the reference's bits.
 * The width of the vectors is the processor's, or what the system property {@code ocelli.vector.width} says: 128, 256 or
 * 512 bits; anything else makes the provider unavailable with that reason.
 */
public final class VectorProvider implements KernelProvider {
    /** The name in plans, e.g. {@code vector512}. */
    static final String TIER = "vector" + Lanes.BITS;

    private final Availability availability;
    private final ListedKernels kernels;

    /** The kernels at this JVM's width. */
    public VectorProvider() {
        VectorWidth.Choice width = VectorWidth.choose();
        ElementwiseVector elementwise = new ElementwiseVector();
        availability = width.valid() ? new Availability(true, TIER) : new Availability(false, width.problem());
        kernels = new ListedKernels("vector", Map.of(
                Conv2d.class, List.of(new Conv2dQ8Vector(), new Conv2dF32Vector()),
                FullyConnected.class, List.of(new Conv2dQ8Vector(), new Conv2dF32Vector()),
                DepthwiseConv2d.class, List.of(new DepthwiseConv2dVector()),
                Binary.class, List.of(elementwise),
                PRelu.class, List.of(elementwise),
                Unary.class, List.of(elementwise),
                Quantize.class, List.of(elementwise)));
    }

    @Override
    public String name() {
        return "vector";
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
