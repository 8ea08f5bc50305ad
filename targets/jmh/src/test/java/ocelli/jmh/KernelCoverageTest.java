package ocelli.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.Op;
import ocelli.core.graph.Resize;
import ocelli.core.kernel.GroupedConvolution;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.kernel.KernelRequest;
import ocelli.jmh.LayerGraph.Family;
import ocelli.nativekernels.NativeProvider;
import ocelli.vector.VectorProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Every kernel of every operator in the lists of the providers is measured by some benchmark. */
class KernelCoverageTest {
    private final NativeProvider nativeKernels = new NativeProvider();
    private final VectorProvider vectorKernels = new VectorProvider();

    @Test
    void everyNativeKernelIsMeasured() {
        Assumptions.assumeTrue(nativeKernels.availability().usable(), nativeKernels.availability()::detail);
        assertEquals(Set.of(), unmeasured(nativeKernels, nativeKernels.listed(), requests()), "add a shape to Operation or Layer");
    }

    @Test
    void everyVectorKernelIsMeasured() {
        Assumptions.assumeTrue(vectorKernels.availability().usable(), vectorKernels.availability()::detail);
        assertEquals(Set.of(), unmeasured(vectorKernels, vectorKernels.listed(), requests()), "add a shape to Operation or Layer");
    }

    @Test
    void aKernelWithoutABenchmarkIsNoticed() {
        Assumptions.assumeTrue(vectorKernels.availability().usable(), vectorKernels.availability()::detail);
        List<KernelRequest> fewer = requests().stream().filter(r -> !(r.op() instanceof Conv2d c && c.groups() > 1
                || r.op() instanceof Resize s && s.kind() == Resize.Kind.BILINEAR)).toList();
        assertEquals(Set.of("Conv2d by groups of Conv2dF32Vector", "Conv2d by groups of Conv2dQ8Vector",
                "Resize by ResizeVector"), unmeasured(vectorKernels, vectorKernels.listed(), fewer));
    }

    /** The kernels that are nobody's first choice. */
    private static Set<String> unmeasured(KernelProvider provider, Map<Class<? extends Op>, List<KernelFactory>> listed,
            List<KernelRequest> requests) {
        Set<String> missing = new TreeSet<>();
        listed.forEach((op, factories) -> factories.forEach(f -> missing.add(name(op, f))));
        for (KernelRequest request : requests) {
            Class<? extends Op> op = request.op().getClass();
            if (provider.supports(request).isYes()) {
                listed.get(op).stream().filter(f -> f.supports(request).isYes()).findFirst()
                        .ifPresent(f -> missing.remove(name(op, f)));
            }
        }
        return missing;
    }

    private static String name(Class<? extends Op> op, KernelFactory factory) {
        return op.getSimpleName() + " by " + (factory instanceof GroupedConvolution grouped
                ? "groups of " + grouped.each().getClass().getSimpleName() : factory.getClass().getSimpleName());
    }

    /** What the benchmarks ask for. */
    private static List<KernelRequest> requests() {
        List<Family> families = List.of(Family.values());
        Stream<KernelRequest> operators = Arrays.stream(Operation.values()).flatMap(o -> families.stream().filter(o::isDefined)
                .map(f -> o.problem(f).request()));
        Stream<KernelRequest> layers = Arrays.stream(Layer.values()).flatMap(l -> families.stream()
                .map(f -> KernelRequest.of(LayerGraph.of(l, f, 1).nodes().getFirst(), 1)));
        return Stream.concat(operators, layers).toList();
    }
}
