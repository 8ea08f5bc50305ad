package ocelli.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.Tensor;
import ocelli.nativekernels.NativeProvider;
import ocelli.nativekernels.Tier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the benchmark measures is the right answer: the reference's, equal bit for bit for integers. */
class ConvolutionBenchmarkTest {
    static Stream<String> kernels() {
        return Stream.concat(Stream.of("native", "vector"), NativeProvider.tiers().stream().map(Tier::label));
    }

    @ParameterizedTest
    @EnumSource(Layer.class)
    void measuresTheReferencesAnswer(Layer layer) {
        List<String> usable = kernels().filter(ConvolutionBenchmarkTest::isUsable).toList();
        Assumptions.assumeFalse(usable.isEmpty(), "neither native nor vector kernels here");
        for (LayerGraph.Family family : LayerGraph.Family.values()) {
            try (Session law = Session.open(LayerGraph.of(layer, family, 1), SessionOptions.defaults().withProviders(List.of("reference")))) {
                LayerGraph.fill(new Random(2), law.inputs().get(0).type().dtype(), law.inputs().get(0).data());
                law.run();
                assertEquals(layer.macs(), LayerGraph.of(layer, family, 1).macs());
                usable.forEach(kernels -> compare(law, kernels, layer, family));
            }
        }
    }

    private static boolean isUsable(String kernels) {
        return KernelChoice.options(kernels).providers().getFirst().availability().usable();
    }

    private static void compare(Session law, String kernels, Layer layer, LayerGraph.Family family) {
        ConvolutionBenchmark benchmark = new ConvolutionBenchmark();
        benchmark.layer = layer;
        benchmark.family = family;
        benchmark.provider = kernels;
        benchmark.open();
        ConvolutionBenchmark.Work work = new ConvolutionBenchmark.Work();
        benchmark.run(work);
        assertEquals(layer.macs(), work.macs);
        Tensor wanted = law.outputs().get(0);
        Tensor found = benchmark.session().outputs().get(0);
        String what = kernels + " " + layer + " " + family;
        if (family != LayerGraph.Family.FLOAT32) {
            assertEquals(-1, wanted.data().mismatch(found.data()), what);
        } else {
            // Sums of K products and a bias of numbers up to 1, in any order: each of the K+1 roundings of both sides
            // is at most 2^-24 of a partial sum, and that is at most K+1.
            int k = layer.kernel() * layer.kernel() * (layer.depthwise() ? 1 : layer.inChannels() / layer.groups());
            double bound = 2 * (k + 1.0) * (k + 1.0) * 0x1p-24;
            for (long i = 0; i < wanted.type().shape().elements(); i++) {
                float a = wanted.data().getAtIndex(ValueLayout.JAVA_FLOAT, i);
                float b = found.data().getAtIndex(ValueLayout.JAVA_FLOAT, i);
                assertTrue(Math.abs(a - b) <= bound, what + " element " + i + ": " + a + " and " + b + ", bound " + bound);
            }
        }
        benchmark.close();
    }
}
