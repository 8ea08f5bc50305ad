package ocelli.nativekernels;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ocelli.core.graph.ArgReduce;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Cast;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvInteger;
import ocelli.core.graph.DepthToSpace;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.DynamicQuantize;
import ocelli.core.graph.Expand;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Gather;
import ocelli.core.graph.LogSoftmax;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.MatMulInteger;
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
 * Kernels in C++ for one instruction set, chosen at run time by what the processor has and never assumed. Without a library
 * for this machine the provider is not available and says why.
 */
public final class NativeProvider implements KernelProvider {
    private final NativeLibrary library;
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
        List<Tier> candidates = library.tiers().stream().filter(t -> asked == null || t == asked)
                .sorted(Comparator.reverseOrder()).toList();
        Availability found = new Availability(false, !library.reason().isEmpty() ? library.reason()
                : asked + " is none of " + library.tiers());
        ListedKernels best = new ListedKernels("native", Map.of());
        // Later tiers of one architecture are faster; one that fails its test is passed over, and said when none is left.
        for (Tier tier : candidates) {
            ListedKernels kernels = kernels(new TierKernels(tier));
            Optional<String> problem = SelfTest.run(kernels);
            if (problem.isEmpty()) {
                found = new Availability(true, tier.label());
                best = kernels;
                break;
            }
            found = new Availability(false, tier.label() + " " + problem.get());
        }
        this.library = library;
        this.availability = found;
        this.kernels = best;
    }

    private static ListedKernels kernels(TierKernels tier) {
        List<KernelFactory> elementwise = List.of(new ElementwiseNative(tier));
        List<KernelFactory> convert = List.of(new ConvertNative(tier));
        List<KernelFactory> movement = List.of(new MovementNative(tier));
        return new ListedKernels("native", Map.ofEntries(
                Map.entry(Conv2d.class, List.of(new Conv2dQ8Native(tier), new Conv2dF32Native(tier),
                        new GroupedConvolution(new Conv2dQ8Native(tier)), new GroupedConvolution(new Conv2dF32Native(tier)))),
                Map.entry(FullyConnected.class, List.of(new Conv2dQ8Native(tier), new Conv2dF32Native(tier))),
                Map.entry(DepthwiseConv2d.class, List.of(new DepthwiseConv2dNative(tier))),
                Map.entry(ConvInteger.class, List.of(new ConvRawNative(tier))),
                Map.entry(MatMulInteger.class, List.of(new ConvRawNative(tier))),
                Map.entry(MatMul.class, List.of(new MatMulF32Native(tier))),
                Map.entry(Pool2d.class, List.of(new PoolNative(tier))),
                Map.entry(Reduce.class, List.of(new ReduceNative(tier))),
                Map.entry(ArgReduce.class, List.of(new ArgReduceNative(tier))),
                Map.entry(Softmax.class, List.of(new SoftmaxNative(tier))),
                Map.entry(LogSoftmax.class, List.of(new SoftmaxNative(tier))),
                Map.entry(Binary.class, elementwise),
                Map.entry(PRelu.class, elementwise),
                Map.entry(Unary.class, elementwise),
                Map.entry(Quantize.class, convert),
                Map.entry(Dequantize.class, convert),
                Map.entry(Cast.class, convert),
                Map.entry(DynamicQuantize.class, List.of(new DynamicQuantizeNative(tier))),
                Map.entry(Resize.class, List.of(new MovementNative(tier), new ResizeNative(tier))),
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

    /** Each instruction set of the library; those that were not chosen are tested here. */
    @Override
    public List<String> choices() {
        return library.held().stream().map(tier -> tier.label() + ": " + choice(tier)).toList();
    }

    private String choice(Tier tier) {
        if (!library.tiers().contains(tier)) {
            return "this processor does not have it";
        }
        if (availability.usable() && availability.detail().equals(tier.label())) {
            return "chosen, the fastest of these that works here";
        }
        return SelfTest.run(kernels(new TierKernels(tier))).orElse("works");
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
