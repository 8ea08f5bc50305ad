package ocelli.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

/** The generated cases are worth running: results differ, few of them saturate, and a seed gives the same ones again. */
class CasesTest {
    private static final class Q8 extends Conv2dQ8Contract {
        @Override
        protected KernelProvider provider() {
            return new ReferenceProvider();
        }
    }

    @Test
    void mostQuantisedConvolutionResultsLieInsideTheirRange() {
        for (Map<String, List<KernelCase>> groups : List.of(ConvCases.conv(true), ConvCases.depthwise(true), ConvCases.fullyConnected(true))) {
            long inside = 0;
            long all = 0;
            for (KernelCase c : groups.values().stream().flatMap(List::stream).toList()) {
                TensorType t = c.outputs().getFirst().type();
                for (byte b : new Q8().reference(c).getFirst()) {
                    int q = t.dtype().min() < 0 ? b : b & 0xff;
                    inside += q > t.dtype().min() && q < t.dtype().max() && q != t.quant().zeroPoint() ? 1 : 0;
                    all++;
                }
            }
            double share = (double) inside / all;
            System.out.println("results inside the range of the type and off the zero point: " + share);
            assertTrue(share > 0.5, "share " + share);
        }
    }

    @Test
    void aSeedGivesTheSameCases() {
        Stream<KernelCase> one = ConvCases.conv(true).values().stream().flatMap(List::stream);
        Stream<KernelCase> two = ConvCases.conv(true).values().stream().flatMap(List::stream);
        assertEquals(one.map(KernelCase::toString).toList(), two.map(KernelCase::toString).toList());
    }
}
