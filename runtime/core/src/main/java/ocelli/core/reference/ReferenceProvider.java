package ocelli.core.reference;

import java.util.List;
import java.util.Map;
import ocelli.core.graph.ArgReduce;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Cast;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Compare;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvInteger;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.CumulativeSum;
import ocelli.core.graph.DeformConv2d;
import ocelli.core.graph.DepthToSpace;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.DetectionPostProcess;
import ocelli.core.graph.DynamicQuantize;
import ocelli.core.graph.Expand;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Gather;
import ocelli.core.graph.GatherElements;
import ocelli.core.graph.GatherNd;
import ocelli.core.graph.GridSample;
import ocelli.core.graph.LocalResponseNormalization;
import ocelli.core.graph.LogSoftmax;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.MatMulInteger;
import ocelli.core.graph.MaxPoolIndices;
import ocelli.core.graph.NonMaxSuppression;
import ocelli.core.graph.NonZero;
import ocelli.core.graph.Normalize;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Resize;
import ocelli.core.graph.RoiAlign;
import ocelli.core.graph.ScatterElements;
import ocelli.core.graph.ScatterNd;
import ocelli.core.graph.Select;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Split;
import ocelli.core.graph.Tile;
import ocelli.core.graph.TopK;
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
            Map.entry(MatMul.class, List.of(new MatMulReference(), new MatMulQ8Reference())),
            Map.entry(MatMulInteger.class, List.of(new MatMulIntegerReference())),
            Map.entry(ConvInteger.class, List.of(new ConvIntegerReference())),
            Map.entry(Pool2d.class, List.of(new PoolReference())),
            Map.entry(Binary.class, List.of(new BinaryQ8Reference(), new BinaryFloatReference(), new BinaryIntegerReference())),
            Map.entry(Compare.class, List.of(new CompareReference())),
            Map.entry(Select.class, List.of(new SelectReference())),
            Map.entry(Unary.class, List.of(new UnaryReference(), new UnaryIntegerReference())),
            Map.entry(PRelu.class, List.of(new PReluReference())),
            Map.entry(Softmax.class, List.of(new SoftmaxReference())),
            Map.entry(LogSoftmax.class, List.of(new LogSoftmaxReference())),
            Map.entry(Normalize.class, List.of(new NormalizeReference())),
            Map.entry(LocalResponseNormalization.class, List.of(new LocalResponseNormalizationReference())),
            Map.entry(Concat.class, List.of(new ConcatReference())),
            Map.entry(Reshape.class, List.of(new MovementReference())),
            Map.entry(Reinterpret.class, List.of(new MovementReference())),
            Map.entry(Expand.class, List.of(new MovementReference())),
            Map.entry(ChannelShuffle.class, List.of(new MovementReference())),
            Map.entry(Pad.class, List.of(new MovementReference())),
            Map.entry(Transpose.class, List.of(new MovementReference())),
            Map.entry(Resize.class, List.of(new MovementReference(), new ResizeBilinearReference(), new ResizeCubicReference())),
            Map.entry(Reduce.class, List.of(new ReduceQ8Reference(), new ReduceFloatReference(), new ReduceIntegerReference())),
            Map.entry(ArgReduce.class, List.of(new ArgReduceReference())),
            Map.entry(CumulativeSum.class, List.of(new CumulativeSumReference())),
            Map.entry(TopK.class, List.of(new TopKReference())),
            Map.entry(Split.class, List.of(new MovementReference())),
            Map.entry(Slice.class, List.of(new MovementReference())),
            Map.entry(Tile.class, List.of(new MovementReference())),
            Map.entry(DepthToSpace.class, List.of(new MovementReference())),
            Map.entry(SpaceToDepth.class, List.of(new MovementReference())),
            Map.entry(Quantize.class, List.of(new UnaryReference(), new QuantizeReference())),
            Map.entry(DynamicQuantize.class, List.of(new DynamicQuantizeReference())),
            Map.entry(Dequantize.class, List.of(new DequantizeReference())),
            Map.entry(Cast.class, List.of(new CastReference())),
            Map.entry(Gather.class, List.of(new GatherReference())),
            Map.entry(GatherElements.class, List.of(new GatherReference())),
            Map.entry(GatherNd.class, List.of(new GatherReference())),
            Map.entry(ScatterElements.class, List.of(new ScatterReference())),
            Map.entry(ScatterNd.class, List.of(new ScatterReference())),
            Map.entry(ConvTranspose2d.class, List.of(new ConvTranspose2dQ8Reference(), new ConvTranspose2dF32Reference())),
            Map.entry(DeformConv2d.class, List.of(new DeformConv2dReference())),
            Map.entry(GridSample.class, List.of(new GridSampleReference())),
            Map.entry(RoiAlign.class, List.of(new RoiAlignReference())),
            Map.entry(NonMaxSuppression.class, List.of(new NonMaxSuppressionReference())),
            Map.entry(NonZero.class, List.of(new NonZeroReference())),
            Map.entry(MaxPoolIndices.class, List.of(new MaxPoolIndicesReference())),
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
