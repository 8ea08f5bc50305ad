package ocelli.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.reference.ReferenceProvider;
import ocelli.jmh.LayerGraph.Family;
import ocelli.nativekernels.NativeProvider;
import ocelli.nativekernels.Tier;
import ocelli.testkit.KernelCase;
import ocelli.testkit.Tolerance;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the benchmark measures is the reference's answer: integers bit for bit, floats within what the contracts allow. */
class OperatorBenchmarkTest {
    private static final Map<String, KernelProvider> PROVIDERS = usable();

    private static Map<String, KernelProvider> usable() {
        Map<String, KernelProvider> providers = new LinkedHashMap<>();
        Stream.concat(Stream.of("native", "vector"), NativeProvider.tiers().stream().map(Tier::label))
                .forEach(name -> providers.put(name, KernelChoice.provider(name)));
        providers.values().removeIf(p -> !p.availability().usable());
        return Collections.unmodifiableMap(providers);
    }

    @BeforeAll
    static void someKernelsAreUsable() {
        Assumptions.assumeFalse(PROVIDERS.isEmpty(), "neither native nor vector kernels here");
    }

    @ParameterizedTest
    @EnumSource
    void measuresTheReferencesAnswer(Operation operation) {
        for (Family family : Family.values()) {
            List<String> takers = PROVIDERS.keySet().stream().filter(p -> Exclusion.of(operation, family, p).isEmpty()).toList();
            if (takers.isEmpty()) {
                continue;
            }
            Problem problem = operation.problem(family);
            KernelCase check = check(problem);
            Tolerance tolerance = Tolerance.of(check);
            try (BoundKernel law = new BoundKernel(new ReferenceProvider(), problem)) {
                law.run();
                List<byte[]> wanted = bytes(law);
                assertTrue(distinct(wanted.getFirst()) > 1, () -> problem.name() + " is the same everywhere");
                takers.forEach(provider -> tolerance.check(provider, check, wanted, answer(operation, family, provider)));
            }
        }
    }

    private static List<byte[]> answer(Operation operation, Family family, String provider) {
        OperatorBenchmark benchmark = benchmark(operation, family, provider);
        benchmark.open();
        OperatorBenchmark.Traffic traffic = new OperatorBenchmark.Traffic();
        benchmark.kernel().outputs().forEach(o -> o.fill((byte) 0xa5));
        benchmark.run(traffic);
        benchmark.run(traffic);
        assertEquals(2 * operation.problem(family).bytes(), traffic.bytes);
        List<byte[]> found = bytes(benchmark.kernel());
        benchmark.close();
        return found;
    }

    private static OperatorBenchmark benchmark(Operation operation, Family family, String provider) {
        OperatorBenchmark benchmark = new OperatorBenchmark();
        benchmark.operation = operation;
        benchmark.family = family;
        benchmark.provider = provider;
        return benchmark;
    }

    private static KernelCase check(Problem problem) {
        return new KernelCase(problem.name(), problem.op(),
                problem.inputs().stream().map(i -> new KernelCase.Argument(i.type(), i.elements(), i.constant(), 0)).toList(),
                problem.outputs().stream().map(KernelCase.Result::of).toList());
    }

    private static List<byte[]> bytes(BoundKernel kernel) {
        return kernel.outputs().stream().map((MemorySegment m) -> m.toArray(ValueLayout.JAVA_BYTE)).toList();
    }

    private static long distinct(byte[] data) {
        return IntStream.range(0, data.length).map(i -> data[i]).distinct().count();
    }

    /** The list of exclusions is what the providers refuse, no more and no less, and the benchmark fails on each with its reason. */
    @ParameterizedTest
    @EnumSource
    void exclusionsAreThoseOfTheProviders(Operation operation) {
        for (Family family : Family.values()) {
            PROVIDERS.forEach((name, provider) -> {
                boolean taken = operation.isDefined(family) && provider.supports(operation.problem(family).request()).isYes();
                assertEquals(!taken, Exclusion.of(operation, family, name).isPresent(), operation + " " + family + " on " + name);
                if (!taken) {
                    String reason = Exclusion.of(operation, family, name).orElseThrow().reason();
                    Exception e = assertThrows(IllegalArgumentException.class, benchmark(operation, family, name)::open);
                    assertTrue(e.getMessage().contains(reason), e::getMessage);
                }
            });
        }
    }

    @Test
    void anUnknownProblemIsRefused() {
        PROVIDERS.values().forEach(provider -> assertThrows(IllegalArgumentException.class,
                () -> new BoundKernel(provider, Operation.MATMUL_VIT.problem(Family.INT8))));
        assertThrows(IllegalArgumentException.class, () -> Operation.DYNAMIC_QUANTIZE_V2_56.problem(Family.INT8));
    }

    @Test
    void aSelectionCountsWhatItSelects() {
        assertEquals(2 * 100 * 4 * 4, Operation.GATHER_SSD.problem(Family.FLOAT32).bytes());
        assertEquals(2 * 26 * 26 * 116, Operation.SLICE_NANO_26.problem(Family.INT8).bytes());
        assertEquals(3 * 56 * 56 * 24, Operation.ADD_V2_56.problem(Family.UINT8).bytes());
    }
}
