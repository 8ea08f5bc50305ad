package ocelli.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.List;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.Tensor;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the benchmark measures is the right answer: the reference's, equal bit for bit for integers. */
class ConvolutionBenchmarkTest {
    @ParameterizedTest
    @ValueSource(strings = {"native", "vector"})
    void measuresTheReferencesAnswer(String provider) {
        KernelProvider.Availability availability = SessionOptions.discover().stream().filter(p -> p.name().equals(provider))
                .findFirst().orElseThrow().availability();
        Assumptions.assumeTrue(availability.usable(), () -> provider + ": " + availability.detail());
        for (Layer layer : Layer.values()) {
            for (LayerGraph.Family family : LayerGraph.Family.values()) {
                compare(provider, layer, family);
            }
        }
    }

    private static void compare(String provider, Layer layer, LayerGraph.Family family) {
        ConvolutionBenchmark benchmark = new ConvolutionBenchmark();
        benchmark.layer = layer;
        benchmark.family = family;
        benchmark.provider = provider;
        benchmark.open();
        ConvolutionBenchmark.Work work = new ConvolutionBenchmark.Work();
        benchmark.run(work);
        assertEquals(layer.macs(), work.macs);
        assertEquals(layer.macs(), LayerGraph.of(layer, family, 1).macs());
        try (Session law = Session.open(LayerGraph.of(layer, family, 1), SessionOptions.defaults().withProviders(List.of("reference")))) {
            law.inputs().get(0).data().copyFrom(benchmark.session().inputs().get(0).data());
            law.run();
            Tensor wanted = law.outputs().get(0);
            Tensor found = benchmark.session().outputs().get(0);
            String what = provider + " " + layer + " " + family;
            if (family != LayerGraph.Family.FLOAT32) {
                assertEquals(-1, wanted.data().mismatch(found.data()), what);
            } else {
                // Sums of K products and a bias of numbers up to 1, in any order: each of the K+1 roundings of both sides
                // is at most 2^-24 of a partial sum, and that is at most K+1.
                int k = layer.kernel() * layer.kernel() * (layer.depthwise() ? 1 : layer.inChannels());
                double bound = 2 * (k + 1.0) * (k + 1.0) * 0x1p-24;
                for (long i = 0; i < wanted.type().shape().elements(); i++) {
                    float a = wanted.data().getAtIndex(ValueLayout.JAVA_FLOAT, i);
                    float b = found.data().getAtIndex(ValueLayout.JAVA_FLOAT, i);
                    assertTrue(Math.abs(a - b) <= bound, what + " element " + i + ": " + a + " and " + b + ", bound " + bound);
                }
            }
        }
        benchmark.close();
    }
}
