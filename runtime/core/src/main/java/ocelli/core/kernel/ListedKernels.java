package ocelli.core.kernel;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvInteger;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.DeformConv2d;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.Op;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Reshape;

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
        Optional<String> refusal = perAxis(request).or(() -> gaps(request));
        if (refusal.isPresent()) {
            return Support.no(refusal.get());
        }
        List<String> refusals = new ArrayList<>();
        for (KernelFactory factory : of(request)) {
            switch (factory.supports(request)) {
                case Support.Yes yes -> {
                    return yes;
                }
                case Support.No no -> refusals.add(no.reason());
            }
        }
        return Support.no(refusals.isEmpty() ? "no " + request.op().name() + " kernel" : String.join(", ", new LinkedHashSet<>(refusals)));
    }

    /**
     * No kernel reads a scale per channel but of weights and biases, when floats are converted, and when the type only passes
     * through.
     */
    private static Optional<String> perAxis(KernelRequest r) {
        boolean weighted = switch (r.op()) {
            case Conv2d _, DepthwiseConv2d _, ConvTranspose2d _, FullyConnected _, MatMul _ -> true;
            default -> false;
        };
        boolean passes = switch (r.op()) {
            case Dequantize _, Reinterpret _ -> true;
            case Quantize _ -> r.inputType(0).dtype().isFloat();
            case Reshape _ -> r.outputType().quant().equals(r.inputType(0).quant());
            default -> false;
        };
        for (int i = weighted ? 1 : 0; i < r.inputs().size(); i++) {
            if (!weighted && !passes && r.inputType(i).quant().isPerAxis()) {
                return Optional.of("input " + i + " is quantised per channel: " + r.inputType(i));
            }
        }
        return passes ? Optional.empty() : r.outputs().stream().map(Operand::type).filter(t -> t.quant().isPerAxis()).findFirst()
                .map(t -> "output is quantised per channel: " + t);
    }

    /** The rows of a matrix may lie apart, but there are no gaps within one; weights, biases and zero points have none. */
    private static Optional<String> gaps(KernelRequest r) {
        boolean weighted = switch (r.op()) {
            case Conv2d _, DepthwiseConv2d _, ConvTranspose2d _, ConvInteger _, DeformConv2d _, FullyConnected _ -> true;
            default -> false;
        };
        if (weighted && r.inputs().stream().skip(1).anyMatch(o -> !o.isDense())) {
            return Optional.of("weights have gaps");
        }
        return r.op() instanceof FullyConnected && !r.input(0).isDense() && r.inputType(0).shape().channels() != r.inputType(1).shape().dim(1)
                ? Optional.of("rows of the matrix have gaps") : Optional.empty();
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

    /** All kernels by operator, for those who have to cover each. */
    public Map<Class<? extends Op>, List<KernelFactory>> all() {
        return kernels;
    }

    private List<KernelFactory> of(KernelRequest request) {
        return kernels.getOrDefault(request.op().getClass(), List.of());
    }
}
