package ocelli.core.reference;

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
import ocelli.core.graph.DetectionPostProcess;
import ocelli.core.graph.Expand;
import ocelli.core.graph.FullyConnected;
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
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.ListedKernels;
import ocelli.core.kernel.Support;

/** The law: a plain kernel for every operator. Always available, never fast. */
public final class ReferenceProvider implements KernelProvider {
    private final ListedKernels kernels = new ListedKernels("reference", Map.ofEntries(
            Map.entry(Conv2d.class, List.of(new Conv2dQ8Reference(), new Conv2dF32Reference())),
            Map.entry(DepthwiseConv2d.class, List.of(new DepthwiseConv2dQ8Reference(), new DepthwiseConv2dF32Reference())),
            Map.entry(FullyConnected.class, List.of(new Conv2dQ8Reference(), new Conv2dF32Reference())),
            Map.entry(Pool2d.class, List.of(new PoolReference())),
            Map.entry(Binary.class, List.of(new BinaryReference())),
            Map.entry(Unary.class, List.of(new UnaryReference())),
            Map.entry(PRelu.class, List.of(new PReluReference())),
            Map.entry(Softmax.class, List.of(new SoftmaxReference())),
            Map.entry(Concat.class, List.of(new ConcatReference())),
            Map.entry(Reshape.class, List.of(new MovementReference())),
            Map.entry(Reinterpret.class, List.of(new MovementReference())),
            Map.entry(Expand.class, List.of(new MovementReference())),
            Map.entry(ChannelShuffle.class, List.of(new MovementReference())),
            Map.entry(Pad.class, List.of(new MovementReference())),
            Map.entry(Transpose.class, List.of(new MovementReference())),
            Map.entry(Reduce.class, List.of(new MeanReference())),
            Map.entry(Resize.class, List.of(new MovementReference(), new ResizeBilinearReference())),
            Map.entry(Split.class, List.of(new MovementReference())),
            Map.entry(Slice.class, List.of(new MovementReference())),
            Map.entry(Tile.class, List.of(new MovementReference())),
            Map.entry(DepthToSpace.class, List.of(new MovementReference())),
            Map.entry(SpaceToDepth.class, List.of(new MovementReference())),
            Map.entry(Quantize.class, List.of(new UnaryReference(), new ConvertReference())),
            Map.entry(Dequantize.class, List.of(new ConvertReference())),
            Map.entry(Cast.class, List.of(new ConvertReference())),
            Map.entry(DetectionPostProcess.class, List.of(new DetectionPostProcessReference()))));

    /** For {@link java.util.ServiceLoader} and for callers that want the law only. */
    public ReferenceProvider() {
    }

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public Availability availability() {
        return new Availability(true, "java");
    }

    @Override
    public Support supports(KernelRequest request) {
        Support answer = kernels.supports(request);
        return answer.isYes() || request.isDense() ? answer : StagedReference.supports(request, kernels);
    }

    @Override
    public Kernel bind(KernelRequest request, KernelMemory memory) {
        return kernels.supports(request).isYes() ? kernels.bind(request, memory) : StagedReference.bind(request, memory, kernels);
    }
}
