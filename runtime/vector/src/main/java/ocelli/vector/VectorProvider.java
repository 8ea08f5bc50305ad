package ocelli.vector;

import java.util.List;
import java.util.Map;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Cast;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthToSpace;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.DynamicQuantize;
import ocelli.core.graph.Expand;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Gather;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.Op;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Split;
import ocelli.core.graph.Tile;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Unary;
import ocelli.core.kernel.GroupedConvolution;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
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
    private static final String API = "jdk.incubator.vector";

    private final Availability availability;
    private final ListedKernels kernels;

    /** The kernels at this JVM's width. */
    public VectorProvider() {
        // On the class path nothing else says so; none of the API's classes may be touched then.
        if (ModuleLayer.boot().findModule(API).isEmpty()) {
            availability = new Availability(false, "Java runs without the Vector API, wanted --add-modules " + API);
            kernels = new ListedKernels("vector", Map.of());
            return;
        }
        VectorWidth.Choice width = VectorWidth.choose();
        availability = width.valid() ? new Availability(true, Lanes.TIER) : new Availability(false, width.problem());
        kernels = kernels();
    }

    private static ListedKernels kernels() {
        List<KernelFactory> elementwise = List.of(new ElementwiseVector());
        List<KernelFactory> convert = List.of(new ConvertVector());
        List<KernelFactory> movement = List.of(new MovementVector());
        return new ListedKernels("vector", Map.ofEntries(
                Map.entry(Conv2d.class, List.of(new Conv2dQ8Vector(), new Conv2dF32Vector(), new GroupedConvolution(new Conv2dQ8Vector()),
                        new GroupedConvolution(new Conv2dF32Vector()))),
                Map.entry(FullyConnected.class, List.of(new Conv2dQ8Vector(), new Conv2dF32Vector())),
                Map.entry(DepthwiseConv2d.class, List.of(new DepthwiseConv2dVector())),
                Map.entry(MatMul.class, List.of(new MatMulVector())),
                Map.entry(Pool2d.class, List.of(new PoolVector())),
                Map.entry(Reduce.class, List.of(new ReduceVector())),
                Map.entry(Softmax.class, List.of(new SoftmaxVector())),
                Map.entry(Binary.class, elementwise),
                Map.entry(PRelu.class, elementwise),
                Map.entry(Unary.class, elementwise),
                Map.entry(Quantize.class, convert),
                Map.entry(Dequantize.class, convert),
                Map.entry(Cast.class, convert),
                Map.entry(DynamicQuantize.class, List.of(new DynamicQuantizeVector())),
                Map.entry(Resize.class, List.of(new MovementVector(), new ResizeVector())),
                Map.entry(Concat.class, movement),
                Map.entry(Split.class, movement),
                Map.entry(Slice.class, movement),
                Map.entry(Pad.class, movement),
                Map.entry(Transpose.class, movement),
                Map.entry(Tile.class, movement),
                Map.entry(Expand.class, movement),
                Map.entry(Gather.class, movement),
                Map.entry(ChannelShuffle.class, movement),
                Map.entry(DepthToSpace.class, movement),
                Map.entry(SpaceToDepth.class, movement),
                Map.entry(Reshape.class, movement),
                Map.entry(Reinterpret.class, movement)));
    }

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public Availability availability() {
        return availability;
    }

    /** The kernels by operator, none where the provider is not available. */
    public Map<Class<? extends Op>, List<KernelFactory>> listed() {
        return kernels.all();
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
